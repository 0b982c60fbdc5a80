/** Upgrade, backup and restore with the very commands that docs/operating.md gives. */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { MAIN, run } from '../support/cli.ts';
import { copyDays, migrateTo } from '../support/old-store.ts';
import { postgresProgramPath } from '../support/postgres-cluster.ts';
import { createDatabase, query, urlOf } from '../support/postgres-database.ts';
import { lineOf, randomRequests } from '../support/random-log.ts';
import { ledger, windowRows } from '../support/rows.ts';
import { siteOfEachTest } from '../support/site.ts';
import { queryOf, type StorePlace } from '../support/stores.ts';
import { digestOf } from '../support/table-digest.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
const SOME = randomBytes(4).toString('hex');

type Env = Readonly<Record<string, string>>;

const site = siteOfEachTest('restore');
const text = (count: number, seed: number) =>
  randomRequests(count, seed)
    .map((request) => `${lineOf(request)}\n`)
    .join('');
/** What each log holds: read before the backup, and written after it. */
const [EARLIER, LATER, OTHER] = [text(600, 1), text(400, 2), text(300, 3)] as const;
const log = (name: string, content: string) => writeFileSync(join(site.logs, name), content);

/** The lines that a section of the document has you paste. @param headings from the outermost in. */
function commandsOf(...headings: readonly string[]): string {
  let section = DOCUMENT;
  for (const heading of headings) {
    const [marks = ''] = heading.split(' ');
    const [, rest] = section.split(`\n${heading}\n`);
    if (rest === undefined) throw new Error(`the document has no section ${heading}`);
    [section = ''] = rest.split(new RegExp(`\n#{1,${marks.length}} `));
  }
  const blocks = [...section.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);
  expect([headings, blocks.length > 0]).toEqual([headings, true]);
  return blocks.join('');
}

/** Runs what the document says, as a shell does. The places and names of its examples become those of the test. */
function paste(commands: string, env: Env, names: Env = {}): void {
  const own = Object.entries({ '/backup/': `${site.directory}/backup/`, ...names }).reduce(
    (all, [name, other]) => all.replaceAll(name, other),
    // The copy has the date of today.
    commands.replaceAll(/daymark-\d{4}-\d\d-\d\d\./g, 'daymark-$(date +%F).'),
  );
  const { status, stderr } = spawnSync('bash', ['-euc', own], {
    cwd: site.directory,
    env: { PATH: `${join(site.directory, 'bin')}:${process.env.PATH}`, ...env },
    encoding: 'utf8',
  });
  expect({ own, status, stderr: status === 0 ? '' : stderr }).toMatchObject({ status: 0, stderr: '' });
}

/** A working directory as the document supposes: `npx` runs this build, and `operating/` is there. */
function setUp(): Env {
  const bin = join(site.directory, 'bin');
  mkdirSync(bin);
  mkdirSync(join(site.directory, 'backup'));
  const npx = `#!/bin/sh\nshift 2\nexec '${process.execPath}' '${MAIN}' "$@"\n`;
  writeFileSync(join(bin, 'npx'), npx);
  chmodSync(join(bin, 'npx'), 0o755);
  for (const name of ['pg_dump', 'pg_restore', 'createdb', 'psql'])
    symlinkSync(postgresProgramPath(name), join(bin, name));
  symlinkSync(join(ROOT, 'operating'), join(site.directory, 'operating'));
  return { LOGS_SOURCE_DIR: site.logs, DATA_DIR: join(site.directory, 'data') };
}

async function done(args: readonly string[], env: Env): Promise<string> {
  const { code, stdout, stderr } = await run(args, { env });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

const contentsOf = async (place: Pick<StorePlace, 'query'>) => ({
  windows: await windowRows(place),
  ledger: await ledger(place),
});

/** What a store holds that read the logs once, as they are now. */
async function undisturbed() {
  const dataDir = join(site.directory, `fresh-${randomBytes(4).toString('hex')}`);
  await done(['ingest'], { DATA_DIR: dataDir, LOGS_SOURCE_DIR: site.logs });
  return contentsOf({ query: queryOf(dataDir) });
}

/** What is logged and read after a backup. The first log is rotated meanwhile. */
async function goOn(env: Env): Promise<void> {
  log('api.log', EARLIER + LATER);
  await done(['ingest'], env);
  renameSync(join(site.logs, 'api.log'), join(site.logs, 'api.log.1'));
  log('api.log', OTHER);
  await done(['ingest'], env);
}

test('the embedded store, restored from its backup, reads on to the rows of an undisturbed run', async () => {
  const env = setUp();
  const place = { query: queryOf(env.DATA_DIR ?? '') };
  log('api.log', EARLIER);
  await done(['ingest'], env);
  paste(commandsOf('## Backup', '### Of the embedded store'), env);
  await goOn(env);
  const before = await contentsOf(place);
  writeFileSync(join(site.directory, 'data/daymark.db'), 'damaged');
  paste(commandsOf('## Restore', '### The embedded store'), env);
  await done(['ingest'], env);
  expect(await contentsOf(place)).toEqual(before);
  expect(before).toEqual(await undisturbed());
});

test('PostgreSQL with three users, dumped by the reader, is restored to the rows of an undisturbed run', async () => {
  const env = setUp();
  const users = { migrator: `m_${SOME}`, ingester: `i_${SOME}`, reader: `r_${SOME}` };
  const set = Object.entries(users).map(([name, user]) => `--set=${name}=${user} `);
  const restored = `restored_${SOME}`;
  const names = { daymark_restored: restored, '--file=operating/': `${set.join('')}--file=operating/` };
  const database = await createDatabase();
  onTestFinished(async () => {
    await database.drop();
    await query(inject('postgresUrl'), `drop database if exists ${restored} with (force)`);
    for (const user of Object.values(users))
      await query(inject('postgresUrl'), `drop role if exists ${user}`);
  });
  const { hostname, port, username, pathname } = new URL(database.url);
  const admin = { ...env, PGHOST: hostname, PGPORT: port, PGUSER: username };
  const as = (user: string, name = pathname.slice(1)) => ({
    ...env,
    DATABASE_URL: urlOf({ user, database: name }),
  });
  paste(`psql --dbname=${pathname.slice(1)} --file=operating/postgres-roles.sql`, admin, names);
  await done(['migrate'], as(users.migrator));
  log('api.log', EARLIER);
  await done(['ingest'], as(users.ingester));
  paste(commandsOf('## Backup', '### Of PostgreSQL'), as(users.reader));
  await goOn(as(users.ingester));
  const before = await contentsOf(database);

  paste(commandsOf('## Restore', '### PostgreSQL'), admin, names);
  const [ingester, reader] = [as(users.ingester, restored), as(users.reader, restored)];
  await done(['ingest'], ingester);
  expect(
    await contentsOf({ query: (sql, values) => query(urlOf({ database: restored }), sql, values) }),
  ).toEqual(before);
  expect(before).toEqual(await undisturbed());
  expect(await done(['keys', 'list', '--json'], reader)).toContain('"keys":[]');
  expect((await run(['keys', 'list'], { env: ingester })).stderr).toContain('permission denied');
  expect((await run(['keys', 'create', '--admin'], { env: reader })).stderr).toContain('permission denied');
});

test('of a log that is gone, what came after the backup is missing; a rebuild names the log', async () => {
  const env = setUp();
  const place = { query: queryOf(env.DATA_DIR ?? '') };
  log('api.log', EARLIER);
  await done(['ingest'], env);
  paste(commandsOf('## Backup', '### Of the embedded store'), env);
  await goOn(env);
  const rotated = join(site.logs, 'api.log.1');
  const kept = readFileSync(rotated);
  rmSync(rotated);
  paste(commandsOf('## Restore', '### The embedded store'), env);
  await done(['ingest'], env);
  expect((await ledger(place)).lines).toBe(600 + 300);
  const { code, stderr } = await run(['rebuild', '--dry-run'], { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/LOGS_MISSING.*api\.log: 0 of 41,388 bytes are there; it had 600 accepted lines/s);
  // Somebody had it elsewhere.
  writeFileSync(join(site.logs, 'found.log'), kept);
  await done(['ingest'], env);
  expect(await contentsOf(place)).toEqual(await undisturbed());
});

test('the upgrade of a store of an older schema: the copy is made before it, and can be upgraded, too', async () => {
  const env = setUp();
  const dataDir = env.DATA_DIR ?? '';
  log('api.log', EARLIER);
  const days = { ...env, DATA_DIR: join(site.directory, 'days') };
  await done(['ingest'], { ...days, HOURS: 'off', ENDPOINTS: 'off', ALL_CUSTOMERS: 'off' });
  await migrateTo({ kind: 'sqlite', dataDir }, '0007-excluded-lines');
  await copyDays(days.DATA_DIR, { kind: 'sqlite', dataDir });
  const rows = () => digestOf({ query: queryOf(dataDir) }, 'daily_stats', ['customer_id', 'date']);
  const before = await rows();
  paste(commandsOf('## Backup', '### Of the embedded store'), env);
  const [migrate = '', health = ''] = commandsOf('## Upgrade').split('\n');
  expect(health).toContain('/health/ready');
  paste(migrate, env);
  expect(await rows()).toEqual(before);
  const upgraded = await done(['sources', '--json'], env);
  paste(commandsOf('## Restore', '### The embedded store'), env);
  expect((await run(['sources'], { env })).stderr).toContain('SCHEMA_OLDER');
  paste(migrate, env);
  expect(await rows()).toEqual(before);
  expect(await done(['sources', '--json'], env)).toEqual(upgraded);
});
