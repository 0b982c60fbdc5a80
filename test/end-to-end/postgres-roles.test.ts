/** The users that `operating/postgres-roles.sql` makes: each does its work through the real commands, and may do nothing else. */

import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, inject, onTestFinished, test } from 'vitest';
import { operationQueries } from '../api/operation-queries.ts';
import { type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { migrateTo } from '../support/old-store.ts';
import { PASSWORD_ROLE, postgresProgram } from '../support/postgres-cluster.ts';
import { createDatabase, query, type TestDatabase } from '../support/postgres-database.ts';
import { statisticsRows } from '../support/rows.ts';
import { siteOfEachTest } from '../support/site.ts';
import { POSTGRES } from '../support/stores.ts';

const SCRIPT = join(import.meta.dirname, '../../operating/postgres-roles.sql');
const RANGE = 'from=2024-10-01&to=2024-10-31';
/** The second log changes a day that the first one made final. */
const FIRST = [
  '2024-01-01 05:10:46 cust_1 /orders 200 0.316',
  '2024-10-02 05:10:46 cust_1 /orders/17 200 0.316',
  'broken',
  '2024-10-20 05:10:46 cust_1 /orders/18 500 0.1',
];
const LATE = ['2024-10-02 06:00:00 cust_1 /orders/17 404 0.2', '2024-10-20 05:10:46 cust_2 /orders 200 0.1'];

/** Hours of the first day are too old to be kept. */
const hasHours = (date: string) => date > '2024-02';

interface Users {
  readonly migrator: string;
  readonly ingester: string;
  readonly reader: string;
}

const NAMES: Users = {
  ...{ migrator: 'daymark_migrator', ingester: 'daymark_ingester', reader: 'daymark_reader' },
};

const site = siteOfEachTest('roles');
const running: RunningCli[] = [];
afterEach(async () => {
  for (const { process } of running) process.kill();
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});

/** A database, which is dropped when the test is over, and with it the users that may exist by then. */
async function newDatabase(users: Users, ...others: string[]): Promise<TestDatabase> {
  const database = await createDatabase();
  onTestFinished(async () => {
    await database.drop();
    for (const user of [...others, ...Object.values(users)])
      await query(inject('postgresUrl'), `drop role if exists ${user}`);
  });
  return database;
}

function urlAs(user: string, { url }: Pick<TestDatabase, 'url'>): string {
  const own = new URL(url);
  own.username = user;
  return own.href;
}

function makeUsers(url: string, ...variables: string[]): void {
  const set = variables.map((variable) => `--set=${variable}`);
  postgresProgram('psql', ['--no-psqlrc', '--quiet', `--dbname=${url}`, ...set, `--file=${SCRIPT}`]);
}

/** The environment of a command that one of the users runs. */
const envAs = (user: string, database: TestDatabase, more: Record<string, string> = {}) => ({
  ...{ DATABASE_URL: urlAs(user, database), DATA_DIR: join(site.directory, 'data') },
  ...{ LOGS_SOURCE_DIR: site.logs, WAIT_FOR_SYSTEM_DURATION: 'PT1H', ...more },
});

async function done(args: readonly string[], env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await run(args, { env });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

const logOf = (name: string, lines: readonly string[]) =>
  writeFileSync(join(site.logs, name), lines.map((line) => `${line}\n`).join(''));

async function refusal(args: readonly string[], env: Record<string, string>): Promise<string> {
  const { code, stderr } = await run(args, { env });
  expect([args, code]).toEqual([args, 1]);
  return stderr;
}

/** Starts a command that serves. @returns its URL. */
async function serving(command: string, env: Record<string, string>): Promise<string> {
  const cli = start([command], { env: { PORT: '0', AUTH: 'keys', ...env } });
  running.push(cli);
  return servedUrl(cli);
}

const ask = (url: string, key: string) => fetch(url, { headers: { authorization: `Bearer ${key}` } });

/** Reads, counts again, deletes and answers, all as who may. @returns the key of an admin. */
async function assertEachWorks(database: TestDatabase, users: Users): Promise<string> {
  const migrator = envAs(users.migrator, database);
  const ingester = envAs(users.ingester, database);
  const reader = envAs(users.reader, database);
  logOf('a.log', FIRST);
  await done(['ingest'], ingester);
  logOf('late.log', LATE);
  await done(['ingest'], ingester);
  const fresh = await POSTGRES.createPlace();
  onTestFinished(() => fresh.dispose());
  if (fresh.location.kind !== 'postgres') throw new Error('no PostgreSQL');
  await done(['ingest'], { ...ingester, DATABASE_URL: fresh.location.url });
  expect(await statisticsRows(database, hasHours)).toEqual(await statisticsRows(fresh, hasHours));
  await database.query('update customer_daily_stats set failed_requests = 9');
  await done(['ingest', '--again'], ingester);
  expect(await statisticsRows(database, hasHours)).toEqual(await statisticsRows(fresh, hasHours));
  const retained = { ...ingester, RETENTION_DAYS: '1000', CONFIRM_RETENTION_DAYS: '1000' };
  expect((await run(['ingest'], { env: retained })).stderr).toContain('deleting 1 day');

  const key = (await done(['keys', 'create', '--admin'], migrator)).trim();
  for (const args of [['stats', 'cust_1', '--from', '2024-10-01'], ['top', '--once'], ['rejected']])
    await done(args, reader);
  expect(await done(['keys', 'list'], reader)).toContain(key.split('_')[1]);
  const url = await serving('serve', reader);
  await assertAllAnswer(url, key);
  await done(['keys', 'revoke', key.split('_')[1] ?? ''], migrator);
  await eventually(async () => (await ask(`${url}/v1/status`, key)).status).toBe(401);
  return (await done(['keys', 'create', '--admin'], migrator)).trim();
}

/** Every operation of the OpenAPI document. */
async function assertAllAnswer(url: string, key: string): Promise<void> {
  const queries = operationQueries('cust_1', RANGE, '2024-10-02');
  const document = (await (await ask(`${url}/openapi.json`, key)).json()) as {
    paths: Record<string, { get?: { operationId: string } }>;
  };
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (!get) continue;
    // Nobody was opted in to have a badge.
    if (get.operationId.startsWith('getBadge')) continue;
    const asked = `${url}${path.replace('{customer_id}', 'cust_1')}?${queries[get.operationId] ?? ''}`;
    const answer = await ask(asked, key);
    const { status } = answer;
    await answer.body?.cancel();
    expect([asked, status]).toEqual([asked, 200]);
  }
}

const KEYS = ['api_keys', 'signing_keys', 'links'];
const MIGRATIONS = ['daymark_migrations', 'daymark_migration_lock'];
const ALL = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];

/** What each user may do with each table, by the catalog of PostgreSQL. A table that no rule names is one of statistics. */
async function assertRights(database: TestDatabase, users: Users): Promise<void> {
  const rights = await database.query(
    `select relname as name, role, pg_get_userbyid(relowner) as owner,
      array_to_string(array(select privilege from unnest($1::text[]) as privilege
        where has_table_privilege(role, pg_class.oid, privilege)), ' ') as may,
      has_any_column_privilege(role, pg_class.oid, 'INSERT, UPDATE') as may_write_a_column
    from pg_class, unnest($2::text[]) as role
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')`,
    [ALL, Object.values(users)],
  );
  expect(rights.length).toBeGreaterThan(60);
  for (const { name, role, owner, may, may_write_a_column } of rights) {
    const isOfNoIngest = KEYS.includes(String(name)) || MIGRATIONS.includes(String(name));
    const ingests = role === users.ingester && !isOfNoIngest;
    const reads = role === users.reader || !KEYS.includes(String(name));
    const expected = ingests ? 'SELECT INSERT UPDATE DELETE' : reads ? 'SELECT' : '';
    const isOwner = role === users.migrator;
    expect([name, role, owner, may, may_write_a_column]).toEqual([
      ...[name, role, users.migrator, isOwner ? ALL.join(' ') : expected],
      isOwner || ingests,
    ]);
  }
}

/** Statements that nobody but the migrator may run, and such as nobody may. */
async function assertNothingElse(database: TestDatabase, users: Users): Promise<void> {
  const forAll = [
    'create table other (a int)',
    'create schema other',
    'create function other() returns int language sql as $$ select 1 $$',
    'create view other as select 1',
    'drop table checkpoints cascade',
    'truncate checkpoints',
    'alter table customer_daily_stats add column other int',
    'create index other on customer_daily_stats (date)',
    'drop view daily_stats',
    "update daymark_migrations set name = 'other'",
    'delete from daymark_migrations',
    "insert into api_keys values ('a', '', 'admin', '[]', '', 0, null, null, null)",
    'update api_keys set revoked_ms = null',
    'update api_keys set last_used_ms = 1',
    'delete from api_keys',
    "insert into signing_keys values ('a', '', 0)",
    'update signing_keys set created_ms = 0',
    'delete from signing_keys',
    "insert into links values ('a', 'cust_1', 'page', '', '', 0, 0, null)",
    'update links set revoked_ms = null',
    'delete from links',
    `set role ${users.migrator}`,
    `grant ${users.migrator} to current_user`,
    'create role other',
    "copy (select 1) to program 'true'",
    "select pg_read_file('PG_VERSION')",
  ];
  const forbidden = {
    [users.ingester]: [
      ...forAll,
      'select hash from api_keys',
      'select secret from signing_keys',
      'select id from links',
    ],
    [users.reader]: [
      ...forAll,
      'create temporary table other (a int)',
      "insert into facts values ('a', 'b')",
      "update facts set value = 'b'",
      'delete from customer_daily_stats',
      'select * from facts for update',
      'begin; lock table checkpoints in share row exclusive mode',
    ],
    [users.migrator]: [
      ...['create role other', 'create schema other', 'create temporary table other (a int)'],
      ...[`set role postgres`, "copy (select 1) to program 'true'"],
    ],
  };
  for (const [user, statements] of Object.entries(forbidden))
    for (const statement of statements) {
      const error = await query(urlAs(user, database), statement).catch((thrown) => thrown);
      expect([user, statement, error.code]).toEqual([user, statement, '42501']);
    }
}

test('a new database: each of the three does its work, and may do nothing else', async () => {
  const database = await newDatabase(NAMES, 'daymark_both', 'somebody');
  const { migrator, ingester, reader } = NAMES;
  makeUsers(database.url);
  for (const user of [ingester, reader]) {
    const asked = user === reader ? ['stats', 'cust_1', '--from', '2024-10-01'] : ['ingest'];
    logOf('a.log', FIRST);
    expect(await refusal(asked, envAs(user, database))).toMatch(/SCHEMA_MISSING.*Run `daymark migrate`/s);
  }
  await done(['migrate'], envAs(migrator, database));
  const again = await run(['migrate'], { env: envAs(ingester, database) });
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('already up to date') });
  const key = await assertEachWorks(database, NAMES);
  // As a migration of a later version makes it.
  await query(urlAs(migrator, database), 'create table later (a int)');
  await assertRights(database, NAMES);
  await assertNothingElse(database, NAMES);
  expect(await query(urlAs(reader, database), 'select * from later')).toEqual([]);
  await query(inject('postgresUrl'), 'create role somebody login');
  await expect(query(urlAs('somebody', database), 'select 1')).rejects.toMatchObject({ code: '42501' });

  makeUsers(database.url);
  await assertRights(database, NAMES);
  await assertUsesAreNoted(database, key);

  await assertLinksNeedAGrant(database, key);

  // `up` reads logs and answers.
  await query(inject('postgresUrl'), `create role daymark_both login in role ${ingester}, ${reader}`);
  const both = await serving('up', envAs('daymark_both', database));
  expect((await ask(`${both}/v1/status`, key)).status).toBe(200);
});

/** By default the reader does not; with one grant it does. */
async function assertUsesAreNoted(database: TestDatabase, key: string): Promise<void> {
  expect(await database.query('select distinct last_used_ms from api_keys')).toEqual([
    { last_used_ms: null },
  ]);
  await database.query(`grant update (last_used_ms) on api_keys to ${NAMES.reader}`);
  makeUsers(database.url);
  const url = await serving('serve', envAs(NAMES.reader, database));
  expect((await ask(`${url}/v1/status`, key)).status).toBe(200);
  const used = 'select id from api_keys where last_used_ms is not null';
  await eventually(async () => (await database.query(used)).length, 200).toBe(1);
}

/** By default the reader opens links that others made; with one grant it makes them, too. */
async function assertLinksNeedAGrant(database: TestDatabase, key: string): Promise<void> {
  const path = (
    await done(['links', 'create', '--customer', 'cust_1'], envAs(NAMES.migrator, database))
  ).trim();
  expect(await done(['links', 'list'], envAs(NAMES.reader, database))).toContain('cust_1');
  const url = await serving('serve', envAs(NAMES.reader, database));
  const summary = `${url}/v1/customers/cust_1/summary?${RANGE}`;
  expect((await ask(summary, path.split('#link=')[1] ?? '')).status).toBe(200);
  const make = async () => {
    const answer = await fetch(`${url}/v1/links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ customer_id: 'cust_1' }),
    });
    const { code, id } = (await answer.json()) as { code?: string; id?: string };
    return { status: answer.status, code, id };
  };
  expect(await make()).toMatchObject({ status: 409, code: 'API_READS_ONLY' });
  await database.query(`grant select, insert, update, delete on links to ${NAMES.reader}`);
  makeUsers(database.url);
  const { status, id } = await make();
  expect(status).toBe(201);
  const revoked = await fetch(`${url}/v1/links/${id}`, {
    ...{ method: 'DELETE', headers: { authorization: `Bearer ${key}` } },
  });
  expect(revoked.status).toBe(204);
}

test('a database of an older schema that one user owned: the migrator upgrades it, the others wait for that', async () => {
  const database = await newDatabase(NAMES, 'old_owner');
  await query(inject('postgresUrl'), 'create role old_owner login');
  await database.query('grant all on schema public to old_owner');
  await migrateTo({ kind: 'postgres', url: urlAs('old_owner', database) }, '0012-customer-days');
  await query(
    urlAs('old_owner', database),
    "insert into daymark_migration_lock (id, is_locked) values ('x', 0)",
  );
  makeUsers(database.url);
  logOf('a.log', FIRST);
  const older = /SCHEMA_OLDER: .*lacks: 0013-api-keys(, 00\d\d-[\w-]+)*\..*Run `daymark migrate`/s;
  const refused = await refusal(['ingest'], envAs(NAMES.ingester, database));
  expect(refused).toMatch(older);
  expect(refused).toContain('permission denied for schema public');
  expect(await refusal(['serve'], envAs(NAMES.reader, database, { PORT: '0' }))).toMatch(older);
  rmSync(join(site.logs, 'a.log'));

  const upgraded = await run(['migrate'], { env: envAs(NAMES.migrator, database) });
  expect(upgraded).toMatchObject({ code: 0, stderr: expect.stringContaining('applied 0013-api-keys') });
  await assertRights(database, NAMES);
  await assertNothingElse(database, NAMES);
  logOf('a.log', FIRST);
  await done(['ingest'], envAs(NAMES.ingester, database));
  const stats = ['stats', 'cust_1', '--from', '2024-10-01'];
  expect(await done(stats, envAs(NAMES.reader, database))).toContain('2024-10-20');
  await expect(query(urlAs('old_owner', database), 'select 1')).rejects.toMatchObject({ code: '42501' });
  await database.query('drop owned by old_owner');
});

test('the owner of a database, no superuser, makes users with other names, and the tables go to them', async () => {
  const some = randomBytes(4).toString('hex');
  const users = { migrator: `Migrator-${some}`, ingester: `in ${some}`, reader: `r"${some}` };
  const quoted = Object.values(users).map((name) => `"${name.replaceAll('"', '""')}"`);
  const [a = '', b = '', c = ''] = quoted;
  const admin = `admin_${some}`;
  const database = await newDatabase({ migrator: a, ingester: b, reader: c }, admin);
  await query(inject('postgresUrl'), `create role ${admin} login createrole`);
  await database.query(
    `alter database ${new URL(database.url).pathname.slice(1)} owner to ${admin}; create schema stats authorization ${admin}`,
  );
  // Keys are not for everybody, whatever is.
  await database.query(`alter default privileges for role ${admin} grant all on tables to public`);
  const asAdmin = `${urlAs(admin, database)}?options=-csearch_path%3Dstats`;
  await done(['migrate'], { ...envAs(admin, database), DATABASE_URL: asAdmin });
  expect(
    await database.query(
      `select relname from pg_class where relkind = 'r' and relnamespace = 'stats'::regnamespace
        and not has_table_privilege($1, oid, 'INSERT') order by relname`,
      [PASSWORD_ROLE.name],
    ),
  ).toEqual(
    ['api_keys', 'daymark_migration_lock', 'daymark_migrations', 'links', 'signing_keys'].map((relname) => ({
      relname,
    })),
  );
  await database.query('create table public.of_others (a int)');
  const variables = Object.entries(users).map(([name, user]) => `${name}=${user}`);
  makeUsers(asAdmin, ...variables);
  makeUsers(asAdmin, ...variables);
  const owners =
    'select distinct pg_get_userbyid(relowner) as owner from pg_class where relnamespace = $1::regnamespace';
  expect(await database.query(owners, ['stats'])).toEqual([{ owner: users.migrator }]);
  expect(await database.query(owners, ['public'])).toEqual([{ owner: 'postgres' }]);
  logOf('a.log', FIRST);
  await done(['ingest'], envAs(users.ingester, database));
  expect(await done(['stats', 'cust_1', '--from', '2024-10-01'], envAs(users.reader, database))).toContain(
    '2024-10-20',
  );
  await done(['keys', 'create', '--admin'], envAs(users.migrator, database));
  await done(['keys', 'rotate-signing'], envAs(users.migrator, database));
  await expect(query(urlAs(users.ingester, database), 'select * from api_keys')).rejects.toThrow(
    'permission',
  );
});
