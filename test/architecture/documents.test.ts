/** What documents and messages tell people to run. */

import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildProgram } from '../../src/commands/cli/program.ts';
import { flagOf } from '../../src/config/setting-definition.ts';
import { SETTING_NAMES } from '../../src/config/settings.ts';

const ROOT = join(import.meta.dirname, '../..');

const MANUAL = join(ROOT, 'man/daymark.1');
const hasGroff = spawnSync('groff', ['--version']).status === 0;

it.skipIf(!hasGroff)('have a manual page in which a formatter finds nothing wrong', () => {
  const { status, stderr } = spawnSync('groff', ['-man', '-ww', '-z', '-Tutf8', MANUAL], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('have a manual page with every command and setting', () => {
  const page = readFileSync(MANUAL, 'utf8').replaceAll('\\-', '-');
  for (const name of SETTING_NAMES) expect(page).toContain(`.BR ${name} ", " --${flagOf(name)} `);
  for (const command of buildProgram(() => undefined).commands) {
    expect(page).toContain(`.SS daymark ${command.name()}`);
  }
});

/** Outside of a checkout plain `npx daymark` would fetch whatever package has that name on the registry, and run it. */
it('never advise to run daymark in a way that can fetch a package of somebody else', () => {
  const patterns = ['*.md', 'docs/*', 'src/**/*.ts', 'scripts/**', 'compose.yaml', 'man/*'];
  const files = globSync(patterns, { cwd: ROOT }).filter((file) => statSync(join(ROOT, file)).isFile());
  expect(files).toContain('README.md');
  const advising = files.filter((file) =>
    /(npx|npm (x|exec))( -y| --yes| --)? daymark/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(advising).toEqual([]);
});

it('cite only tests that exist', () => {
  const tables = readFileSync(join(ROOT, 'docs/reliability.md'), 'utf8').matchAll(/^\|.*\|.*\|(.*)\|$/gm);
  const cited = [...tables].flatMap(([, cell = '']) =>
    Array.from(cell.matchAll(/`([a-z-]+\/[a-z-]*)`/g), ([, test = '']) => test),
  );
  expect(cited.length).toBeGreaterThan(50);
  const exists = (test: string) =>
    existsSync(join(ROOT, 'test', test.endsWith('/') ? test : `${test}.test.ts`));
  expect(cited.filter((test) => !exists(test))).toEqual([]);
});

/** In a checkout no program of that name is on the path. */
it('have no block to paste that starts daymark as if it were installed', () => {
  const texts = globSync(['*.md', 'docs/*.md'], { cwd: ROOT }).map((file) =>
    readFileSync(join(ROOT, file), 'utf8'),
  );
  const blocks = texts.flatMap((text) =>
    Array.from(text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm), ([, block]) => block),
  );
  expect(blocks.length).toBeGreaterThan(10);
  expect(blocks.filter((block) => /(?:^|[|;&] |=\S+ )daymark /m.test(block ?? ''))).toEqual([]);
});
