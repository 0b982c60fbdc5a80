/**
 * Reads topics of Kafka with one process and with two, beside kcat on the same topics:
 *
 *     npm run bench:scale -- --lines 3000000 --thousands-lines 100000000
 *
 * It starts a broker and a PostgreSQL server of its own. Messages hold one line in one topic (`--lines`) and a thousand in another
 * (`--thousands-lines`). `start` reads an empty topic: what each process takes before its first line. `client` takes the lines and does
 * nothing with them, `client + scan` reads them and puts them together by days and hours, `ingest` also commits them, with endpoints,
 * too. At the end, the rows of each store must be those of the same lines in a file. Two processes share the partitions by their leases.
 * The shares are differences of these rows: processor time of `client` without `start`, of `client + scan` without `client`, of `ingest` without `client + scan`.
 */

import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { build } from 'rolldown';
import { KafkaClient } from '../test/support/kafka/client.ts';
import { startKafka } from '../test/support/kafka/cluster.ts';
import { lineOf } from '../test/support/kafka/topic-reading.ts';
import { startCluster } from '../test/support/postgres-cluster.ts';
import { type Measurement, measure } from './support/measure.ts';
import { printTable } from './support/table.ts';
import { daymark } from './support/tools.ts';

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string', default: '3000000' },
    'thousands-lines': { type: 'string', default: '100000000' },
    rounds: { type: 'string', default: '3' },
    compression: { type: 'string', default: 'none' },
  },
});
/** How many lines, by how many of them a message holds. */
const KINDS = [
  { linesAMessage: 1, name: 'one', lines: Number(options.lines) },
  { linesAMessage: 1_000, name: 'a thousand', lines: Number(options['thousands-lines']) },
];
const ROUNDS = Number(options.rounds);
const PARTITIONS = 12;
const LINES_A_BATCH = 5_000;
const ROWS = 'select customer_id, date, state from customer_daily_stats order by customer_id, date';

const ALL_KINDS = {};
const DAYS_ALONE = { HOURS: 'off', ENDPOINTS: 'off' };

const directory = mkdtempSync(join(tmpdir(), 'daymark-scale-'));
const PROBE = await builtProbe();
const kafka = await startKafka();
const cluster = await startCluster();
const { PLAINTEXT: brokers } = kafka.brokers;
const producer = new KafkaClient(brokers);

/** Builds the probe as the program is built, so that it starts as fast. Where it lies, it finds the packages. @returns its path. */
async function builtProbe(): Promise<string> {
  const root = join(import.meta.dirname, '..');
  const dir = join(root, '.tmp');
  await build({
    input: [
      join(import.meta.dirname, 'support/topic-probe.ts'),
      join(root, 'src/commands/ingesting/kafka-thread.ts'),
    ],
    platform: 'node',
    external: /^[^./]/,
    output: { dir, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  });
  return join(dir, 'topic-probe.js');
}

/** Sends lines, so many a message. @returns the topic. */
async function filledTopic(linesAMessage: number, all: number): Promise<string> {
  const topic = await producer.createTopic({
    partitions: PARTITIONS,
    configs: { 'max.message.bytes': '8000000' },
  });
  for (let from = 0, batch = 0; from < all; from += LINES_A_BATCH, batch++) {
    const lines = linesFrom(from, all);
    const messages = [];
    for (let at = 0; at < lines.length; at += linesAMessage)
      messages.push(lines.slice(at, at + linesAMessage).join('\n'));
    const compression = options.compression as 'none';
    await producer.produce(topic, messages, { partition: batch % PARTITIONS, compression });
  }
  return topic;
}

function linesFrom(from: number, all: number): string[] {
  return Array.from({ length: Math.min(LINES_A_BATCH, all - from) }, (_, i) => lineOf(from + i));
}

/** @returns the size of a file of the same lines, and a digest of its rows. */
async function expectedOf(all: number): Promise<{ readonly bytes: number; readonly rows: string }> {
  const file = join(directory, 'file.log');
  writeFileSync(file, '');
  for (let from = 0; from < all; from += LINES_A_BATCH)
    appendFileSync(file, `${linesFrom(from, all).join('\n')}\n`);
  const reference = newFolder();
  await ingest({ DATA_DIR: reference }, file);
  const expected = { bytes: statSync(file).size, rows: sqliteDigest(reference) };
  for (const path of [file, reference]) rmSync(path, { recursive: true });
  return expected;
}

/** The least of some runs: other programs only add. */
async function best(run: () => Promise<Measurement>): Promise<Measurement> {
  const all: Measurement[] = [];
  for (let round = 0; round < ROUNDS; round++) all.push(await run());
  return all.reduce((least, one) => (one.cpuS < least.cpuS ? one : least));
}

function assertEqual(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${actual}, and not ${expected}`);
}

function digestOf(rows: readonly Record<string, unknown>[]): string {
  const hash = createHash('sha256');
  for (const { customer_id, date, state } of rows)
    hash.update(`${customer_id} ${date} ${Buffer.from(state as Uint8Array).toString('hex')}\n`);
  return hash.digest('hex');
}

function sqliteDigest(folder: string): string {
  const database = new DatabaseSync(join(folder, 'daymark.db'), { readOnly: true });
  try {
    return digestOf(database.prepare(ROWS).all());
  } finally {
    database.close();
  }
}

let stores = 0;
function newFolder(): string {
  return join(directory, `store-${stores++}`);
}

function ingest(env: Record<string, string>, ...paths: string[]): Promise<Measurement> {
  return measure(daymark('ingest', ...paths), { env: { LOGS_SOURCE_DIR: directory, ...env } });
}

async function intoSqlite(topic: string, expected: string, kinds = ALL_KINDS): Promise<Measurement> {
  const folder = newFolder();
  const run = await ingest({ DATA_DIR: folder, KAFKA_BROKERS: brokers, KAFKA_TOPIC: topic, ...kinds });
  assertEqual(sqliteDigest(folder), expected, 'the rows of the embedded store');
  rmSync(folder, { recursive: true });
  return run;
}

/** @returns the processor time of all processes, and the time until the last one had ended. */
async function intoPostgres(topic: string, processes: number, expected: string): Promise<Measurement> {
  const name = `scale_${stores++}`;
  const admin = new pg.Client(cluster.url);
  await admin.connect();
  await admin.query(`create database ${name} template template0`);
  await admin.end();
  const url = new URL(cluster.url);
  url.pathname = name;
  const env = { DATABASE_URL: url.href, KAFKA_BROKERS: brokers, KAFKA_TOPIC: topic };
  await measure(daymark('migrate'), { env: { DATABASE_URL: url.href } });
  const started = performance.now();
  const runs = await Promise.all(Array.from({ length: processes }, () => ingest(env)));
  const wallS = (performance.now() - started) / 1000;
  const database = new pg.Client({
    connectionString: url.href,
    types: { getTypeParser: () => (text: string) => text } as never,
  });
  await database.connect();
  const { rows } = await database.query(
    "select customer_id, to_char(date, 'YYYY-MM-DD') as date, encode(state, 'hex') as state from customer_daily_stats order by customer_id collate \"C\", date",
  );
  await database.end();
  const hash = createHash('sha256');
  for (const { customer_id, date, state } of rows) hash.update(`${customer_id} ${date} ${state}\n`);
  assertEqual(hash.digest('hex'), expected, `the rows of PostgreSQL by ${processes} processes`);
  const [first] = runs as [Measurement, ...Measurement[]];
  return { ...first, wallS, cpuS: runs.reduce((sum, { cpuS }) => sum + cpuS, 0) };
}

/** @param settings of kcat, as its options. */
function readByKcat(topic: string, settings = ''): Promise<Measurement> {
  const command = `kcat -b ${brokers} ${settings} -C -t ${topic} -o beginning -e -q > /dev/null`;
  return measure(['sh', '-c', command]);
}

/** @param counted what it must count: bytes of `client`, lines of `scan`. */
async function clientOf(mode: 'client' | 'scan', topic: string, counted: number): Promise<Measurement> {
  const run = await best(() => measure([process.execPath, PROBE, mode, brokers, topic]));
  assertEqual(Number(run.stdout), counted, `what ${mode} counts`);
  return run;
}

try {
  const start = await clientOf('client', await filledTopic(1, 0), 0);
  const table: string[][] = [];
  const shares: string[][] = [];
  for (const { linesAMessage, name, lines } of KINDS) {
    const { bytes, rows: expected } = await expectedOf(lines);
    const topic = await filledTopic(linesAMessage, lines);
    const kcat = await best(() => readByKcat(topic));
    const row = (what: string, run: Measurement) => {
      table.push([
        name,
        what,
        run.wallS.toFixed(2),
        run.cpuS.toFixed(2),
        ((run.cpuS / lines) * 1e6).toFixed(3),
        `${(lines / run.wallS / 1e6).toFixed(2)} million`,
        (kcat.wallS / run.wallS).toFixed(2),
        (kcat.cpuS / run.cpuS).toFixed(2),
        String(Math.round(run.peakMb)),
      ]);
      return run;
    };
    row('kcat', kcat);
    // It does not check them by itself. daymark must: a flipped bit would change a number.
    row('kcat, checksums', await best(() => readByKcat(topic, '-X check.crcs=true')));
    table.push([name, 'start', start.wallS.toFixed(2), start.cpuS.toFixed(2), '', '', '', '', '']);
    const client = row('client', await clientOf('client', topic, bytes));
    const scan = row('client + scan', await clientOf('scan', topic, lines));
    row('ingest, days alone', await best(() => intoSqlite(topic, expected, DAYS_ALONE)));
    const sqlite = row('ingest, SQLite', await best(() => intoSqlite(topic, expected)));
    const postgres = row('ingest, PostgreSQL', await best(() => intoPostgres(topic, 1, expected)));
    row('two ingest, PostgreSQL', await best(() => intoPostgres(topic, 2, expected)));
    for (const [store, run] of Object.entries({ SQLite: sqlite, PostgreSQL: postgres })) {
      const parts = [start.cpuS, client.cpuS - start.cpuS, scan.cpuS - client.cpuS, run.cpuS - scan.cpuS];
      shares.push([name, store, ...parts.map((part) => `${Math.round((100 * part) / run.cpuS)} %`)]);
    }
    await producer.deleteTopic(topic);
  }
  printTable(
    [
      ...['lines a message', 'what', 'seconds', 'CPU s', 'CPU µs a line', 'lines a second'],
      ...['kcat’s seconds / its', 'kcat’s CPU / its', 'MB'],
    ],
    table,
  );
  printTable(['lines a message', 'store', 'start', 'client', 'scanner', 'store and the rest'], shares);
} finally {
  await producer.close();
  kafka.dispose();
  cluster.stop();
  rmSync(directory, { recursive: true, force: true });
}
