import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { run, start } from '../support/cli.ts';
import { isUndamaged, linesOf, textOf, useRebuildSite } from '../support/rebuild-site.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { until } from '../support/until.ts';

/** Writes lines little by little, and when it is over the rest of them. */
async function write(log: string, lines: readonly string[], over: AbortSignal): Promise<void> {
  for (let written = 0; written < lines.length; written += 400) {
    appendFileSync(log, textOf(lines.slice(written, written + 400)));
    if (!over.aborted) await delay(100);
  }
}
describe.each(STORE_KINDS)('rebuild, of $name', (kind) => {
  const site = useRebuildSite(kind);

  /** In key order, as the program locks rows: in any other it and the follower could wait for each other in a circle. */
  function loseDay(): string {
    const inOrder = kind.name === 'SQLite' ? '' : 'order by customer_id for update';
    return `delete from customer_daily_stats where (customer_id, date) in
      (select customer_id, date from customer_daily_stats where date = '2024-09-20' ${inOrder})`;
  }

  /** A statement may meet a commit of the program. */
  async function insist(statement: string): Promise<void> {
    await until(async () => {
      try {
        await site.place.query(statement);
        return true;
      } catch (error) {
        if (!/locked|concurrent update|could not serialize/.test(String(error))) throw error;
        return false;
      }
    });
  }

  it('makes damaged rows what an undisturbed run gives, to the last byte, and says which days', async () => {
    await site.done(['ingest']);
    await site.damage();
    const rebuilt = await site.done(['rebuild']);
    expect(await site.contents()).toEqual(await site.undisturbed());
    expect(rebuilt.days).toEqual({ changed: 1, added: 2, removed: 1, unchanged: 17 });
    const days = Object.fromEntries(rebuilt.changed_days.map((day: { date: string }) => [day.date, day]));
    const { before, after } = days['2024-09-20'];
    expect(before.success_requests - after.success_requests).toBe(after.customers);
    expect(days['2024-09-22']).toMatchObject({ kind: 'added', before: { customers: 0, failed_requests: 0 } });
    expect(days['2031-01-01']).toMatchObject({ kind: 'removed', after: { customers: 0 } });
    expect(await site.done(['rebuild'])).toMatchObject({ changed_days: [], missing: [] });
    expect(
      readdirSync(site.dataDir).filter((name) => name !== 'rebuild.lock' && !name.startsWith('daymark.db')),
    ).toEqual([]);
  });

  it('touches only the days of a range, and no ledger', async () => {
    await site.done(['ingest']);
    await site.damage();
    await site.place.query('update checkpoints set accepted = accepted - 1, lines = lines - 1');
    const before = await site.contents(isUndamaged);
    const { rows: right } = await site.undisturbed();
    await site.done(['rebuild', '--from', '2024-09-21', '--to', '2024-09-24']);
    const isRebuilt = (date: string) => date >= '2024-09-21' && date <= '2024-09-24';
    const after = await site.contents((date) => isRebuilt(date) || isUndamaged(date));
    const inRange = ({ date }: Record<string, unknown>) => isRebuilt(`${date}`);
    expect(after.rows.filter(inRange)).toEqual(right.filter(inRange));
    expect(after.rows.filter((row) => !inRange(row))).toEqual(before.rows.filter((row) => !inRange(row)));
    expect(after.ledger).toEqual(before.ledger);
  });

  it('says what it would do, and does not do it, with --dry-run', async () => {
    await site.done(['ingest']);
    await site.damage();
    const before = await site.contents(isUndamaged);
    const { stdout } = await run(['rebuild', '--dry-run'], { env: site.env });
    expect(stdout).toContain('days that would be rebuilt: 1 changed, 2 added, 1 removed, 17 as before');
    expect(stdout).toMatch(/^2024-09-22 +added +0 +→ \d+/m);
    expect(await site.contents(isUndamaged)).toEqual(before);
  });

  it('counts the lines as they are understood now, with their ledgers', async () => {
    const byPath = ['--customer-id', '/api/v1/resource1/{customer_id}', '--missing-customer-id', 'nobody'];
    await site.done(['ingest', ...byPath]);
    expect(new Set((await statisticsRows(site.place)).map((row) => row.customer_id))).toEqual(
      new Set(['nobody']),
    );
    const { rows } = await site.done(['rebuild']);
    expect(rows).toMatchObject({ removed: 20, unchanged: 0 });
    expect(await site.contents()).toEqual(await site.undisturbed());
    expect(await site.done(['ingest'])).toMatchObject({ lines_read: 0 });
  });

  it('refuses settings with which no line is a request, and changes nothing', async () => {
    await site.done(['ingest']);
    const before = await site.contents();
    const { code, stderr } = await run(['rebuild', '--customer-id', '/v2/{customer_id}'], { env: site.env });
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NO_LINE_UNDERSTOOD'),
    });
    expect(stderr).toMatch(
      /No line of these logs fits the log format that is set now\. Nothing was changed:\n {2}\S+: [\d,]+ lines before, none of [\d,]+ now\n/,
    );
    expect(await site.contents()).toEqual(before);
  });

  it('refuses a format in which most lines are rejected, and changes nothing', async () => {
    await site.done(['ingest']);
    const before = await site.contents();
    const { code, stderr } = await run(['rebuild', '--log-format', 'common'], { env: site.env });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('MOSTLY_REJECTED') });
    expect(await site.contents()).toEqual(before);
  });

  it('refuses days of another time zone', async () => {
    await site.done(['ingest']);
    const { stderr } = await run(['rebuild', '--time-zone', 'Europe/Berlin'], { env: site.env });
    expect(stderr).toContain('TIME_ZONE_DIFFERS');
  });

  it('finds logs where they were when they were read, and where it is told that they are now', async () => {
    const away = join(site.directory, 'away.log');
    renameSync(join(site.logs, 'a.log'), away);
    await site.done(['ingest']);
    await site.done(['ingest', away]);
    await site.damage();
    await site.done(['rebuild']);
    const right = await site.undisturbed([site.logs, away]);
    expect(await site.contents()).toEqual(right);
    await site.damage();
    renameSync(away, join(site.directory, 'further-away.log'));
    expect((await run(['rebuild'], { env: site.env })).stderr).toContain('LOGS_MISSING');
    await site.done(['rebuild', site.logs, join(site.directory, 'further-away.log')]);
    expect(await site.contents()).toEqual(right);
  });

  it.each([
    ['is gone', (log: string) => renameSync(log, `${log}.away`)],
    ['was cut off', (log: string) => truncateSync(log, 1000)],
  ])(
    'refuses where a log %s and names it, goes on without it where it is told to, and takes it when it is back',
    async (_, lose) => {
      const log = join(site.logs, 'a.log');
      await site.done(['ingest']);
      const before = await site.contents();
      const content = readFileSync(log);
      lose(log);
      const { code, stderr } = await run(['rebuild'], { env: site.env });
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('LOGS_MISSING') });
      expect(stderr).toContain(
        `of ${content.length.toLocaleString('en')} bytes are there; it had 3,000 accepted lines`,
      );
      expect(await site.contents()).toEqual(before);
      const { missing } = await site.done(['rebuild', '--without-missing']);
      expect(missing).toMatchObject([{ name: log, bytes: content.length, accepted: 3000 }]);
      const { rows, ledger: left } = await site.contents();
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
      expect(await site.done(['ingest'])).toMatchObject({ lines_read: 0 });
      await site.done(['rebuild']);
      expect(await site.contents()).toEqual(before);
    },
  );

  it('rebuilds days in which a log that is gone has no part, without asking', async () => {
    await site.done(['ingest']);
    await site.damage();
    const ofAlone = await site.undisturbed([join(site.logs, 'a.log')]);
    const right = ofAlone.rows.filter(({ date }) => `${date}` === '2024-09-22');
    expect(right.length).toBeGreaterThan(0);
    renameSync(join(site.logs, 'b.log.gz'), join(site.directory, 'b.log.gz'));
    const [from, to] = [Date.UTC(2024, 8, 1), Date.UTC(2024, 8, 21, 23, 59)];
    await site.place.query(
      "update checkpoints set first_event_ms = $1, last_event_ms = $2 where name like '%b.log.gz'",
      [from, to],
    );
    const { stderr } = await run(['rebuild', '--from', '2024-09-21'], { env: site.env });
    expect(stderr).toContain('2,000 accepted lines, of 2024-09-01 to 2024-09-21');
    const { missing } = await site.done(['rebuild', '--from', '2024-09-22', '--to', '2024-09-22']);
    expect(missing).toEqual([]);
    const isRebuilt = (date: string) => date === '2024-09-22';
    const rows = (await statisticsRows(site.place, isRebuilt)).filter(({ date }) => isRebuilt(`${date}`));
    expect(rows).toEqual(right);
  });

  it('brings no day back that is too old to be kept', async () => {
    await site.done(['ingest']);
    const retention = ['--retention-days', '20'];
    // Until somebody confirms it, all days are kept.
    const unconfirmed = await run(['rebuild', '--json', ...retention], { env: site.env });
    expect(unconfirmed).toMatchObject({ code: 0, stderr: expect.stringContaining('RETENTION_UNCONFIRMED') });
    const { days } = await site.done(['rebuild', ...retention, '--confirm-retention-days', '20']);
    expect(days).toEqual({ changed: 0, added: 0, removed: 0, unchanged: 0 });
    await site.done(['ingest', '--retention-days', '20', '--confirm-retention-days', '20']);
    await site.done(['rebuild', '--retention-days', '20']);
    expect(await statisticsRows(site.place)).toEqual([]);
  });

  it('goes with others that follow and write: nothing is lost, nothing counts twice', async () => {
    const lines = linesOf(16_000, 3);
    const log = join(site.logs, 'c.log');
    writeFileSync(log, textOf(lines.slice(0, 8_000)));
    expect((await run(['migrate'], { env: site.env })).code).toBe(0);
    const running = start(['ingest', '--follow', '--batch-lines', '300'], { env: site.env });
    await until(async () => (await ledger(site.place)).lines >= 5000);
    const over = new AbortController();
    const writing = write(log, lines.slice(8_000), over.signal);
    const rebuilds = [];
    try {
      for (let i = 0; i < 4; i++) {
        await insist(loseDay());
        rebuilds.push(await site.done(i % 2 === 0 ? ['rebuild'] : ['rebuild', '--from', '2024-09-15']));
      }
    } finally {
      over.abort();
      await writing;
    }
    await until(async () => (await ledger(site.place)).lines >= 21_002);
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(await site.contents()).toEqual(await site.undisturbed());
    for (const { rows } of rebuilds) expect(rows.changed + rows.added).toBeGreaterThan(0);
  });

  it('says what is wrong with the command before anything is created', async () => {
    expect((await run(['rebuild'], { env: site.env })).stderr).toContain('SCHEMA_MISSING');
    expect((await run(['rebuild', '-'], { env: site.env })).code).toBe(2);
    expect(
      (await run(['rebuild', '--from', '2024-10-02', '--to', '2024-10-01'], { env: site.env })).code,
    ).toBe(2);
    expect(existsSync(join(site.dataDir, 'rebuild'))).toBe(false);
  });
});
