/** The single executable, made from the build that the tests have, in an empty folder and without any program beside it. */

import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../scripts/ask.ts';
import { smokeTest } from '../../scripts/smoke.ts';
import { KafkaClient } from '../support/kafka/client.ts';
import { sharedKafka } from '../support/kafka/shared.ts';
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

it('reads a topic of Kafka, whatever its messages are compressed with', async () => {
  const { brokers } = await sharedKafka();
  const client = new KafkaClient(brokers.PLAINTEXT);
  const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
  const topic = await client.createTopic({ partitions: compressions.length });
  const lines = LOG.toString().split('\n').slice(0, 200);
  for (const [partition, compression] of compressions.entries())
    await client.produce(topic, lines, { partition, compression });
  await client.close();
  const work = join(folder, 'kafka');
  mkdirSync(work);
  const env = { KAFKA_BROKERS: brokers.PLAINTEXT, KAFKA_TOPIC: topic };
  const read = JSON.parse(daymark(work, ['ingest', '--json'], env));
  expect(read).toMatchObject({ accepted: 1_000, rejected: 0, partitions: compressions.length });
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

const canInstall = process.getuid?.() === 0 && spawnSync('dpkg', ['--version']).status === 0;

describe.skipIf(!canInstall)('the Debian package', () => {
  const CONFIG = 'etc/daymark/daymark.conf';
  const UNIT = 'lib/systemd/system/daymark.service';
  let root: string;
  let deb: string;

  /** dpkg with a system of files of its own, and this machine's shell for the package's scripts. */
  function dpkg(...args: string[]): void {
    const own = [
      `--root=${root}`,
      '--force-script-chrootless',
      '--force-depends',
      '--no-triggers',
      '--log=/dev/null',
    ];
    execFileSync('dpkg', [...own, ...args], {
      stdio: 'pipe',
      env: { PATH: process.env.PATH, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }

  beforeAll(() => {
    root = join(folder, 'root');
    for (const path of ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/log'])
      mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, 'var/lib/dpkg/status'), '');
    const script = ['scripts/debian.ts', '--out', folder, '--compression', 'none'];
    execFileSync(process.execPath, script, { cwd: ROOT, stdio: 'pipe' });
    deb = join(folder, readdirSync(folder).find((name) => name.endsWith('.deb'))!);
  });

  it('installs the program, its unit, a manual page, and settings that only root reads', () => {
    dpkg('--install', deb);
    const files = execFileSync('dpkg-deb', ['--contents', deb], { encoding: 'utf8' });
    expect(files).toMatch(/^-rw------- root\/root .* \.\/etc\/daymark\/daymark\.conf$/m);
    expect(execFileSync(join(root, 'usr/bin/daymark'), ['--version'], { encoding: 'utf8' }).trim()).toBe(
      version,
    );
    expect(gunzipSync(readFileSync(join(root, 'usr/share/man/man1/daymark.1.gz'))).toString()).toContain(
      '.TH DAYMARK 1',
    );
    const unit = readFileSync(join(root, UNIT), 'utf8');
    const own = readFileSync(join(ROOT, 'operating/daymark.service'), 'utf8');
    expect(unit).toContain('ExecStart=/usr/bin/daymark up --config-file');
    // What the service may do stays as the unit in operating/ says, which other tests hold.
    expect(unit.slice(unit.indexOf('LoadCredential'))).toBe(own.slice(own.indexOf('LoadCredential')));
  });

  it('keeps changed settings and the store when it is removed, and deletes both, and nothing else, when it is purged', () => {
    const state = join(root, 'var/lib/private/daymark');
    mkdirSync(state, { recursive: true });
    symlinkSync('private/daymark', join(root, 'var/lib/daymark'));
    for (const name of ['daymark.db', 'daymark.db-wal', 'mine']) writeFileSync(join(state, name), '');
    writeFileSync(join(root, CONFIG), 'PORT=9999\n');
    dpkg('--install', deb);
    expect(readFileSync(join(root, CONFIG), 'utf8')).toBe('PORT=9999\n');
    dpkg('--remove', 'daymark');
    expect(readFileSync(join(root, CONFIG), 'utf8')).toBe('PORT=9999\n');
    expect(readdirSync(state).sort()).toEqual(['daymark.db', 'daymark.db-wal', 'mine']);
    expect(existsSync(join(root, 'usr/bin/daymark'))).toBe(false);
    dpkg('--purge', 'daymark');
    expect(existsSync(join(root, 'etc/daymark'))).toBe(false);
    expect(readdirSync(state)).toEqual(['mine']);
  });
});
