/** Places in which the embedded store can never be: a follower waits for what may pass, and for nothing else. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, run } from '../support/cli.ts';

const NOBODY = 65_534;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-data-dir-'));
  mkdirSync(join(directory, 'logs'));
  writeFileSync(join(directory, 'logs/a.log'), '2024-10-02 05:10:46 cust_40 /path 200 0.316\n');
});

afterEach(() => rmSync(directory, { recursive: true }));

function expectUnusable({ code, stderr }: CliResult, dataDir: string): void {
  expect(stderr).toContain('daymark: DATA_DIR_UNUSABLE: ');
  expect(stderr).toContain(dataDir);
  expect(stderr).not.toContain('waiting');
  expect(code).toBe(1);
}

/** Each makes what is in the way, and says which data directory that makes impossible. */
const PLACES: Record<string, () => string> = {
  'in /proc': () => '/proc/nope',
  'deep in /proc': () => '/proc/nope/deeper/still',
  'that is a device': () => '/dev/null',
  'that is a file': () => fileAt('file'),
  'under a file': () => join(fileAt('file'), 'below/it'),
  'that is a link to nothing': () => linkAt('link', join(directory, 'gone')),
  'under a link to nothing': () => join(linkAt('link', join(directory, 'gone')), 'data'),
  'that is a link to itself': () => linkAt('loop', 'loop'),
  'with a name that is too long': () => join(directory, 'x'.repeat(256)),
  'with a path that is too long': () => join(directory, 'long/'.repeat(1000)),
  'whose database is a directory': () => {
    mkdirSync(join(directory, 'data/daymark.db'), { recursive: true });
    return join(directory, 'data');
  },
  'whose database is a link to nowhere': () => {
    mkdirSync(join(directory, 'data'));
    symlinkSync(join(directory, 'no/where'), join(directory, 'data/daymark.db'));
    return join(directory, 'data');
  },
};

function fileAt(name: string): string {
  writeFileSync(join(directory, name), '');
  return join(directory, name);
}

function linkAt(name: string, target: string): string {
  symlinkSync(target, join(directory, name));
  return join(directory, name);
}

describe.each(Object.entries(PLACES))('a data directory %s', (_, make) => {
  it.each([['ingest', '--follow', 'logs'], ['up'], ['migrate']])('ends %s at once', async (...args) => {
    const dataDir = make();
    const env = { DATA_DIR: dataDir, PORT: '0' };
    expectUnusable(await run(args, { env, cwd: directory }), dataDir.replace(/\/$/, ''));
  });
});

it.runIf(process.getuid?.() === 0)(
  'a directory in which this user may make no database ends a follower at once',
  async () => {
    chmodSync(directory, 0o755);
    mkdirSync(join(directory, 'closed'));
    for (const dataDir of [join(directory, 'closed'), join(directory, 'closed/data')]) {
      const options = { env: { DATA_DIR: dataDir }, cwd: '/', uid: NOBODY };
      expectUnusable(await run(['migrate'], options), dataDir);
    }
  },
);
