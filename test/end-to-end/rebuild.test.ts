import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { envOf, run, start } from '../support/cli.ts';
import { lineOf, randomRequests } from '../support/random-log.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { until } from '../support/until.ts';

const linesOf = (count: number, seed: number) => randomRequests(count, seed).map(lineOf);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
/** Damage as a mishap does it: rows changed, gone, and such as never were. */
const DAMAGE = [
  "update daily_stats set success_requests = success_requests + 1 where date = '2024-09-20'",
  "delete from daily_stats where date = '2024-09-22'",
  "update daily_stats set date = '2031-01-01' where date = '2024-09-25'",
];

/** Writes lines little by little, and when it is over the rest of them. */
async function write(log: string, lines: readonly string[], over: AbortSignal): Promise<void> {
  for (let written = 0; written < lines.length; written += 400) {
    appendFileSync(log, textOf(lines.slice(written, written + 400)));
    if (!over.aborted) await delay(100);
  }
}

/** All that lies under a path, but what SQLite keeps beside a database that is open. */
function treeOf(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort();
}

describe.each(STORE_KINDS)('rebuild, of $name', (kind) => {
  let places: StorePlace[];
  let place: StorePlace;
  let directory: string;
  let logs: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    places = [];
    directory = mkdtempSync(join(tmpdir(), 'daymark-rebuild-'));
    logs = join(directory, 'logs');
    mkdirSync(logs);
    writeFileSync(join(logs, 'a.log'), `${textOf(linesOf(3000, 1))}broken\n\n`);
    writeFileSync(join(logs, 'b.log.gz'), gzipSync(textOf(linesOf(2000, 2))));
    ({ place, env } = await newStore());
  });

  afterEach(async () => {
    for (const one of places) await one.dispose();
    rmSync(directory, { recursive: true });
  });

  async function newStore() {
    const created = await kind.createPlace();
    places.push(created);
    const dataDir = join(directory, `data-${places.length}`);
    return {
      place: created,
      env: { DATA_DIR: dataDir, ...envOf(created.location), LOGS_SOURCE_DIR: logs },
    };
  }

  const dataDir = () => env.DATA_DIR;
  const foldersIn = (path: string) =>
    !existsSync(path)
      ? []
      : readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
          entry.isDirectory() ? [entry.name] : [],
        );
  const scratchFolder = () =>
    join(dataDir(), foldersIn(dataDir()).find((name) => name.startsWith('daymark-rebuild-')) ?? 'none');
  const isScratchThere = () => existsSync(join(scratchFolder(), 'daymark.db'));

  /** Kills a rebuild that has found the logs, and leaves its folder behind. */
  async function killRebuild(): Promise<void> {
    // On a slow machine it may be over before it is looked at.
    while (!isScratchThere()) {
      const running = start(['rebuild', '--batch-lines', '100'], { env });
      await until(() => knowsLogs() || running.process.exitCode !== null);
      running.process.kill('SIGKILL');
      await running.ended;
    }
  }

  function knowsLogs(): boolean {
    if (!isScratchThere()) return false;
    const database = new DatabaseSync(join(scratchFolder(), 'daymark.db'), { timeout: 1000 });
    try {
      return Number(database.prepare('select count(*) as logs from checkpoints').get()?.logs) > 0;
    } catch {
      return false;
    } finally {
      database.close();
    }
  }

  /** Runs a command that is to do well. @returns its JSON. */
  async function done(args: readonly string[], environment = env) {
    const { code, stdout, stderr } = await run([...args, '--json'], { env: environment });
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  async function damage() {
    for (const statement of DAMAGE) await place.query(statement);
  }

  /** In key order, as the program locks rows: in any other it and the follower could wait for each other in a circle. */
  function loseDay(): string {
    const inOrder = kind.name === 'SQLite' ? '' : 'order by customer_id for update';
    return `delete from daily_stats where (customer_id, date) in
      (select customer_id, date from daily_stats where date = '2024-09-20' ${inOrder})`;
  }

  /** A statement may meet a commit of the program. */
  async function insist(statement: string): Promise<void> {
    await until(async () => {
      try {
        await place.query(statement);
        return true;
      } catch (error) {
        if (!/locked|concurrent update|could not serialize/.test(String(error))) throw error;
        return false;
      }
    });
  }

  async function contentsOf(one: StorePlace) {
    const rejected = await one.query(
      'select line_offset, reason, excerpt from rejected_lines order by line_offset',
    );
    return { rows: await statisticsRows(one), ledger: await ledger(one), rejected };
  }

  /** What a store holds that read these logs once. */
  async function undisturbed(args: readonly string[] = []) {
    const fresh = await newStore();
    await done(['ingest', ...args], fresh.env);
    return contentsOf(fresh.place);
  }

  it('makes damaged rows what an undisturbed run gives, to the last byte, and says which days', async () => {
    await done(['ingest']);
    await damage();
    const rebuilt = await done(['rebuild']);
    expect(await contentsOf(place)).toEqual(await undisturbed());
    expect(rebuilt.days).toEqual({ changed: 1, added: 2, removed: 1, unchanged: 17 });
    const days = Object.fromEntries(rebuilt.changed_days.map((day: { date: string }) => [day.date, day]));
    const { before, after } = days['2024-09-20'];
    expect(before.success_requests - after.success_requests).toBe(after.customers);
    expect(days['2024-09-22']).toMatchObject({ kind: 'added', before: { customers: 0, failed_requests: 0 } });
    expect(days['2031-01-01']).toMatchObject({ kind: 'removed', after: { customers: 0 } });
    expect(await done(['rebuild'])).toMatchObject({ changed_days: [], missing: [] });
    expect(
      readdirSync(dataDir()).filter((name) => name !== 'rebuild.lock' && !name.startsWith('daymark.db')),
    ).toEqual([]);
  });

  it('touches only the days of a range, and no ledger', async () => {
    await done(['ingest']);
    await damage();
    await place.query('update checkpoints set accepted = accepted - 1, lines = lines - 1');
    const before = await contentsOf(place);
    const { rows: right } = await undisturbed();
    await done(['rebuild', '--from', '2024-09-21', '--to', '2024-09-24']);
    const after = await contentsOf(place);
    const inRange = ({ date }: Record<string, unknown>) =>
      `${date}` >= '2024-09-21' && `${date}` <= '2024-09-24';
    expect(after.rows.filter(inRange)).toEqual(right.filter(inRange));
    expect(after.rows.filter((row) => !inRange(row))).toEqual(before.rows.filter((row) => !inRange(row)));
    expect(after.ledger).toEqual(before.ledger);
  });

  it('says what it would do, and does not do it, with --dry-run', async () => {
    await done(['ingest']);
    await damage();
    const before = await contentsOf(place);
    const { stdout } = await run(['rebuild', '--dry-run'], { env });
    expect(stdout).toContain('days that would be rebuilt: 1 changed, 2 added, 1 removed, 17 as before');
    expect(stdout).toMatch(/^2024-09-22 +added +0 +→ \d+/m);
    expect(await contentsOf(place)).toEqual(before);
  });

  it('counts the lines as they are understood now, with their ledgers', async () => {
    const byPath = ['--customer-id', '/api/v1/resource1/{customer_id}', '--missing-customer-id', 'nobody'];
    await done(['ingest', ...byPath]);
    expect(new Set((await statisticsRows(place)).map((row) => row.customer_id))).toEqual(new Set(['nobody']));
    const { rows } = await done(['rebuild']);
    expect(rows).toMatchObject({ removed: 20, unchanged: 0 });
    expect(await contentsOf(place)).toEqual(await undisturbed());
    expect(await done(['ingest'])).toMatchObject({ lines_read: 0 });
  });

  it('refuses settings with which no line is a request, and changes nothing', async () => {
    await done(['ingest']);
    const before = await contentsOf(place);
    const { code, stderr } = await run(['rebuild', '--customer-id', '/v2/{customer_id}'], { env });
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NO_LINE_UNDERSTOOD'),
    });
    expect(stderr).toMatch(
      /No line of these logs fits the log format that is set now\. Nothing was changed:\n {2}\S+: [\d,]+ lines before, none of [\d,]+ now\n/,
    );
    expect(await contentsOf(place)).toEqual(before);
  });

  it('refuses a format in which most lines are rejected, and changes nothing', async () => {
    await done(['ingest']);
    const before = await contentsOf(place);
    const { code, stderr } = await run(['rebuild', '--log-format', 'common'], { env });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('MOSTLY_REJECTED') });
    expect(await contentsOf(place)).toEqual(before);
  });

  it('refuses days of another time zone', async () => {
    await done(['ingest']);
    const { stderr } = await run(['rebuild', '--time-zone', 'Europe/Berlin'], { env });
    expect(stderr).toContain('TIME_ZONE_DIFFERS');
  });

  it('finds logs where they were when they were read, and where it is told that they are now', async () => {
    const away = join(directory, 'away.log');
    renameSync(join(logs, 'a.log'), away);
    await done(['ingest']);
    await done(['ingest', away]);
    await damage();
    await done(['rebuild']);
    const right = await undisturbed([logs, away]);
    expect(await contentsOf(place)).toEqual(right);
    await damage();
    renameSync(away, join(directory, 'further-away.log'));
    expect((await run(['rebuild'], { env })).stderr).toContain('LOGS_MISSING');
    await done(['rebuild', logs, join(directory, 'further-away.log')]);
    expect(await contentsOf(place)).toEqual(right);
  });

  it.each([
    ['is gone', (log: string) => renameSync(log, `${log}.away`)],
    ['was cut off', (log: string) => truncateSync(log, 1000)],
  ])(
    'refuses where a log %s and names it, goes on without it where it is told to, and takes it when it is back',
    async (_, lose) => {
      const log = join(logs, 'a.log');
      await done(['ingest']);
      const before = await contentsOf(place);
      const content = readFileSync(log);
      lose(log);
      const { code, stderr } = await run(['rebuild'], { env });
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('LOGS_MISSING') });
      expect(stderr).toContain(
        `of ${content.length.toLocaleString('en')} bytes are there; it had 3,000 accepted lines`,
      );
      expect(await contentsOf(place)).toEqual(before);
      const { missing } = await done(['rebuild', '--without-missing']);
      expect(missing).toMatchObject([{ name: log, bytes: content.length, accepted: 3000 }]);
      const { rows, ledger: left } = await contentsOf(place);
      const requests = rows.reduce(
        (sum, row) => sum + Number(row.success_requests) + Number(row.failed_requests),
        0,
      );
      // What the rows hold and what the ledger says is the same, and nothing is read that was read before.
      expect(left).toMatchObject({
        accepted: requests,
        lines: left.accepted + left.rejected,
        bytes: before.ledger.bytes,
      });
      expect(requests).toBeLessThan(5000);
      writeFileSync(log, content);
      expect(await done(['ingest'])).toMatchObject({ lines_read: 0 });
      await done(['rebuild']);
      expect(await contentsOf(place)).toEqual(before);
    },
  );

  it('rebuilds days in which a log that is gone has no part, without asking', async () => {
    await done(['ingest']);
    await damage();
    const ofAlone = await undisturbed([join(logs, 'a.log')]);
    const right = ofAlone.rows.filter(({ date }) => `${date}` === '2024-09-22');
    expect(right.length).toBeGreaterThan(0);
    renameSync(join(logs, 'b.log.gz'), join(directory, 'b.log.gz'));
    const [from, to] = [Date.UTC(2024, 8, 1), Date.UTC(2024, 8, 21, 23, 59)];
    await place.query(
      "update checkpoints set first_event_ms = $1, last_event_ms = $2 where name like '%b.log.gz'",
      [from, to],
    );
    const { stderr } = await run(['rebuild', '--from', '2024-09-21'], { env });
    expect(stderr).toContain('2,000 accepted lines, of 2024-09-01 to 2024-09-21');
    const { missing } = await done(['rebuild', '--from', '2024-09-22', '--to', '2024-09-22']);
    expect(missing).toEqual([]);
    const rows = (await statisticsRows(place)).filter(({ date }) => `${date}` === '2024-09-22');
    expect(rows).toEqual(right);
  });

  it('brings no day back that is too old to be kept', async () => {
    await done(['ingest']);
    const retention = ['--retention-days', '20'];
    // Until somebody confirms it, all days are kept.
    const unconfirmed = await run(['rebuild', '--json', ...retention], { env });
    expect(unconfirmed).toMatchObject({ code: 0, stderr: expect.stringContaining('RETENTION_UNCONFIRMED') });
    const { days } = await done(['rebuild', ...retention, '--confirm-retention-days', '20']);
    expect(days).toEqual({ changed: 0, added: 0, removed: 0, unchanged: 0 });
    await done(['ingest', '--retention-days', '20', '--confirm-retention-days', '20']);
    await done(['rebuild', '--retention-days', '20']);
    expect(await statisticsRows(place)).toEqual([]);
  });

  it('goes with others that follow and write: nothing is lost, nothing counts twice', async () => {
    const lines = linesOf(40_000, 3);
    const log = join(logs, 'c.log');
    writeFileSync(log, textOf(lines.slice(0, 20_000)));
    expect((await run(['migrate'], { env })).code).toBe(0);
    const running = start(['ingest', '--follow', '--batch-lines', '300'], { env });
    await until(async () => (await ledger(place)).lines >= 5000);
    const over = new AbortController();
    const writing = write(log, lines.slice(20_000), over.signal);
    const rebuilds = [];
    try {
      for (let i = 0; i < 4; i++) {
        await insist(loseDay());
        rebuilds.push(await done(i % 2 === 0 ? ['rebuild'] : ['rebuild', '--from', '2024-09-15']));
      }
    } finally {
      over.abort();
      await writing;
    }
    await until(async () => (await ledger(place)).lines >= 45_002);
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(await contentsOf(place)).toEqual(await undisturbed());
    for (const { rows } of rebuilds) expect(rows.changed + rows.added).toBeGreaterThan(0);
  });

  it('says what is wrong with the command before anything is created', async () => {
    expect((await run(['rebuild'], { env })).stderr).toContain('SCHEMA_MISSING');
    expect((await run(['rebuild', '-'], { env })).code).toBe(2);
    expect((await run(['rebuild', '--from', '2024-10-02', '--to', '2024-10-01'], { env })).code).toBe(2);
    expect(existsSync(join(dataDir(), 'rebuild'))).toBe(false);
  });

  it('runs once at a time, and deletes what one that was killed has left', async () => {
    await done(['ingest']);
    await killRebuild();
    // A rebuild of the version before had a folder of this name.
    cpSync(scratchFolder(), join(dataDir(), 'rebuild'), { recursive: true });
    // One that was killed before it wrote anything.
    mkdirSync(join(dataDir(), 'daymark-rebuild-a1B2c3'));
    await done(['rebuild']);
    expect(foldersIn(dataDir())).toEqual([]);
    const other = new DatabaseSync(join(dataDir(), 'rebuild.lock'));
    other.exec('begin exclusive');
    expect((await run(['rebuild'], { env })).stderr).toContain('REBUILD_RUNNING');
    other.close();
    await done(['rebuild']);
  });

  it('changes nothing where it is told to stop', async () => {
    writeFileSync(join(logs, 'c.log'), textOf(linesOf(200_000, 4)));
    await done(['ingest']);
    await damage();
    const before = await contentsOf(place);
    const running = start(['rebuild', '--batch-lines', '500'], { env });
    await until(isScratchThere);
    running.process.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing was changed'),
    });
    expect(await contentsOf(place)).toEqual(before);
    expect(foldersIn(dataDir())).toEqual([]);
  });

  it('deletes nothing that another put beside the store, under any name', async () => {
    await done(['ingest']);
    await done(['rebuild', '--dry-run']);
    const elsewhere = join(directory, 'elsewhere');
    const names = [
      'rebuild',
      'daymark-rebuild-AAAAAA',
      'daymark-rebuild-BBBBBB',
      'daymark-rebuild',
      'copies',
    ];
    for (const name of names) mkdirSync(join(dataDir(), name));
    mkdirSync(elsewhere);
    await (await openSqliteStore({ dataDir: elsewhere })).close();
    // A copy of a store, and a folder of it that has a file more.
    await done(['ingest'], { DATA_DIR: join(dataDir(), 'rebuild'), LOGS_SOURCE_DIR: logs });
    cpSync(elsewhere, join(dataDir(), 'daymark-rebuild-AAAAAA'), { recursive: true });
    writeFileSync(join(dataDir(), 'daymark-rebuild-AAAAAA', 'notes.txt'), 'mine');
    writeFileSync(join(dataDir(), 'daymark-rebuild-BBBBBB', 'daymark.db'), 'no database');
    symlinkSync(elsewhere, join(dataDir(), 'daymark-rebuild-CCCCCC'));
    mkdirSync(join(dataDir(), 'daymark-rebuild-DDDDDD'));
    symlinkSync(join(elsewhere, 'daymark.db'), join(dataDir(), 'daymark-rebuild-DDDDDD', 'daymark.db'));
    writeFileSync(join(dataDir(), 'daymark-rebuild-EEEEEE'), 'a file');
    writeFileSync(join(dataDir(), 'copies', 'daymark.db'), 'mine');
    const all = () => [...treeOf(directory), ...treeOf(dataDir())];
    const before = all();
    await done(['rebuild', '--dry-run']);
    await done(['rebuild']);
    expect(all()).toEqual(before);
  });

  it('leaves a folder of a former name alone where it cannot tell that it is its own', async () => {
    await done(['ingest']);
    const place = join(dataDir(), 'rebuild');
    const others: (() => void)[] = [
      () => writeFileSync(join(place, 'report.csv'), 'mine'),
      () => writeFileSync(join(place, 'daymark.db'), 'half a page'),
      () => mkdirSync(join(place, 'daymark.db')),
      () => symlinkSync(place, join(place, 'daymark.db')),
      () => undefined,
    ];
    for (const put of others) {
      mkdirSync(place, { recursive: true });
      put();
      const before = treeOf(place);
      await done(['rebuild', '--dry-run']);
      expect(treeOf(place)).toEqual(before);
      rmSync(place, { recursive: true });
    }
    mkdirSync(join(directory, 'target'));
    writeFileSync(join(directory, 'target', 'precious'), 'mine');
    symlinkSync(join(directory, 'target'), place);
    await done(['rebuild', '--dry-run']);
    expect(readdirSync(place)).toEqual(['precious']);
  });

  it('refuses a lock that is not its own, and leaves it as it is', async () => {
    await done(['ingest']);
    const file = join(dataDir(), 'rebuild.lock');
    mkdirSync(dataDir(), { recursive: true });
    writeFileSync(file, 'do not rebuild');
    const { code, stderr } = await run(['rebuild'], { env });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('is not daymark’s') });
    expect(readFileSync(file, 'utf8')).toBe('do not rebuild');
  });
});
