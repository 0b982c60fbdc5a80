import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productionPackages } from '../../scripts/sizes.ts';
import { smokeTest } from '../../scripts/smoke.ts';

const ROOT = join(import.meta.dirname, '../..');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

let folder: string;
let unpacked: string;
let files: string[];

/** What `npm install` would put into node_modules, with the dependencies of the checkout. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daymark-package-'));
  // The tests have a build, which other tests use: it is not made anew here.
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  execFileSync('tar', ['-xzf', `daymark-${MANIFEST.version}.tgz`], { cwd: folder });
  unpacked = join(folder, 'package');
  files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' });
  mkdirSync(join(unpacked, 'node_modules'));
  for (const name of Object.keys(MANIFEST.dependencies)) {
    const place = join(unpacked, 'node_modules', name);
    mkdirSync(join(place, '..'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), place);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the package', () => {
  it('works where it is unpacked, with its dependencies alone', async () => {
    const work = join(folder, 'work');
    mkdirSync(work);
    const command = [process.execPath, join(unpacked, 'dist/main.js')] as const;
    await smokeTest({ command: [...command], version: MANIFEST.version, folder: work });
  });

  it('holds the program and its documents, and nothing of the checkout', () => {
    for (const file of [
      'dist/main.js',
      'dist/client.js',
      'dist/client.d.ts',
      'dist/web/index.html',
      'dist/web/index.html.br',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'THIRD_PARTY_NOTICES',
      'docs/errors.md',
    ])
      expect(files).toContain(file);
    const others = files.filter(
      (file) =>
        /^(src|test|bench|scripts|data|logs|\.)|\.(ts|map|png|db|env|tgz)$/.test(file) &&
        !file.endsWith('.d.ts'),
    );
    expect(others).toEqual([]);
  });

  it('is small, and brings as many packages as docs/install.md says', () => {
    expect(statSync(join(folder, `daymark-${MANIFEST.version}.tgz`)).size).toBeLessThan(2_500_000);
    const packages = [...productionPackages(join(ROOT, 'package-lock.json')).values()].flat();
    const documented = /and (\d+) further packages/.exec(
      readFileSync(join(ROOT, 'docs/install.md'), 'utf8'),
    )?.[1];
    expect(packages.length).toBe(Number(documented));
  });

  it('cannot be published by accident', () => {
    expect(JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))).toMatchObject({ private: true });
  });

  it('names each package of which its files hold code, with a licence', () => {
    const notices = readFileSync(join(unpacked, 'THIRD_PARTY_NOTICES'), 'utf8');
    const built = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' });
    const maps = built.filter((file) => file.endsWith('.map'));
    const sources = maps.flatMap(
      (file) => (JSON.parse(readFileSync(join(ROOT, 'dist', file), 'utf8')) as { sources: string[] }).sources,
    );
    const bundled = new Set(
      sources.flatMap((source) => source.match(/(?<=.*node_modules\/)(@[^/]+\/)?[^/]+/g)?.at(-1) ?? []),
    );
    expect(bundled.size).toBeGreaterThan(5);
    for (const name of bundled)
      expect(notices).toMatch(
        new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)\n\n[^]*?(permission notice|Apache License)`, 'mi'),
      );
  });
});

describe('a release', () => {
  it('is not made of a version that is there, or of none', () => {
    const release =
      (...args: string[]) =>
      () =>
        execFileSync(process.execPath, ['scripts/release.ts', ...args], { cwd: ROOT, stdio: 'pipe' });
    expect(release()).toThrow('Usage');
    expect(release('9.9.9', '--publish')).toThrow('Usage');
    expect(release(MANIFEST.version)).toThrow('is not a version after');
  });
});
