/** The single executable, made from the build that the tests have, in an empty folder and without any program beside it. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../../scripts/ask.ts';
import { smokeTest } from '../../scripts/smoke.ts';
import { POSTGRES } from '../support/stores.ts';

const ROOT = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const LOG = readFileSync(join(ROOT, 'logs/api_requests.log'));

let folder: string;
let empty: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daymark-executable-'));
  empty = join(folder, 'empty');
  mkdirSync(empty);
  execFileSync(process.execPath, ['scripts/executable.ts', '--out', folder], { cwd: ROOT, stdio: 'ignore' });
  program = join(folder, `daymark-linux-${process.arch}`);
});

afterAll(() => rmSync(folder, { recursive: true }));

function daymark(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', env: { PATH: empty, ...env } });
}

it('runs up, ingest, serve and stats without Node in PATH, and writes nothing but the store', async () => {
  const work = join(folder, 'work');
  mkdirSync(work);
  await smokeTest({
    ...{ command: [program], version, folder: work, path: empty },
    whileServing: async (url) => {
      const parquet = await ask(`${url}/v1/customers?from=2024-09-01&to=2024-10-03&format=parquet`);
      expect(
        Buffer.from(await parquet.arrayBuffer())
          .subarray(0, 4)
          .toString(),
      ).toBe('PAR1');
    },
  });
  expect(readdirSync(work).sort()).toEqual(['data', 'logs']);
  expect(readdirSync(empty)).toEqual([]);
});

it('reads compressed logs with several threads', () => {
  const work = join(folder, 'compressed');
  mkdirSync(work);
  writeFileSync(join(work, 'api.log'), LOG);
  writeFileSync(
    join(work, 'other.log.gz'),
    gzipSync(Buffer.from(LOG.toString().replaceAll('cust_', 'gzip_'))),
  );
  writeFileSync(
    join(work, 'third.log.zst'),
    zstdCompressSync(Buffer.from(LOG.toString().replaceAll('cust_', 'zstd_'))),
  );
  const read = JSON.parse(daymark(work, ['ingest', '--json', '.'], { WORKERS: '2' }));
  expect(read).toMatchObject({ accepted: 30_000, rejected: 0, partitions: 3 });
});

it('keeps its statistics in PostgreSQL', async () => {
  const place = await POSTGRES.createPlace();
  const { location } = place;
  try {
    const env = { DATABASE_URL: location.kind === 'postgres' ? location.url : '' };
    writeFileSync(join(folder, 'api.log'), LOG);
    expect(JSON.parse(daymark(folder, ['ingest', '--json', 'api.log'], env)).accepted).toBe(10_000);
    expect(daymark(folder, ['stats', 'cust_4', '--from', '2024-10-02'], env)).toContain('2024-10-02');
  } finally {
    await place.dispose();
  }
});
