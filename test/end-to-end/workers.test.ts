import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { siteOfEachTest } from '../support/site.ts';
import { until } from '../support/until.ts';

const LINES = 1_000_000;
/** Each commit of lines in random order writes every hour of them. */
const DAYS = '2';
const WORKERS = ['--workers', '3', '--batch-lines', '100000'];

const site = siteOfEachTest('workers');

const generate = (path: string, seed = 1) =>
  run(['generate', path, '--lines', String(LINES), '--days', DAYS, '--seed', String(seed)]);

/** What one worker makes of the same logs. */
async function byOne() {
  const place = await site.newPlace();
  expect((await run(['ingest', site.logs, '--workers', '1'], { env: envOf(place.location) })).code).toBe(0);
  return { rows: await statisticsRows(place), ledger: await ledger(place) };
}

describe('several workers', () => {
  it('pass over a line that is longer than many sections', async () => {
    const line = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n';
    const [half, long] = [Buffer.from(line.repeat(100_000)), Buffer.alloc(100 * 2 ** 20, 'x')];
    writeFileSync(join(site.logs, 'a.log'), Buffer.concat([half, long, Buffer.from('\n'), half]));
    const place = await site.newPlace();
    const { code, stdout } = await run(['ingest', site.logs, '--json', '--workers', '3'], {
      env: envOf(place.location),
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      accepted: 200_000,
      rejected: 1,
      rejected_by_reason: { line_too_long: 1 },
    });
    const kept = await place.query('select line_offset, reason from rejected_lines');
    expect(kept.map((row) => ({ ...row }))).toEqual([{ line_offset: half.length, reason: 'line_too_long' }]);
  });

  it('take a last line without a newline, and go on behind it', async () => {
    await generate(join(site.logs, 'a.log'));
    const place = await site.newPlace();
    const env = envOf(place.location);
    writeFileSync(join(site.logs, 'a.log'), '2024-10-02 05:10:46 x / 200 0.316', { flag: 'a' });
    expect((await run(['ingest', site.logs, ...WORKERS], { env })).code).toBe(0);
    expect(await ledger(place)).toEqual((await byOne()).ledger);
    expect(await ledger(place)).toMatchObject({ lines: LINES + 1, accepted: LINES + 1 });
  });

  it('commit what they read and leave when they are told to stop, and go on from there', async () => {
    await generate(join(site.logs, 'a.log'), 1);
    await generate(join(site.logs, 'b.log'), 2);
    const place = await site.newPlace();
    const env = envOf(place.location);
    expect((await run(['migrate'], { env })).code).toBe(0);
    const running = start(['ingest', site.logs, '--json', ...WORKERS], { env });
    await until(async () => (await ledger(place)).lines > 0);
    running.process.kill('SIGTERM');
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ is_complete: false });
    expect(JSON.parse(stdout).lines_read).toBe((await ledger(place)).lines);
    expect((await run(['ingest', site.logs, ...WORKERS], { env })).code).toBe(0);
    const expected = await byOne();
    expect(await ledger(place)).toEqual(expected.ledger);
    expect(await statisticsRows(place)).toEqual(expected.rows);
  });

  it('read on what they have open when the log is rotated', async () => {
    await generate(join(site.logs, 'a.log'), 1);
    const place = await site.newPlace();
    const env = envOf(place.location);
    expect((await run(['migrate'], { env })).code).toBe(0);
    const running = start(['ingest', site.logs, ...WORKERS], { env });
    await until(async () => (await ledger(place)).lines > 0);
    renameSync(join(site.logs, 'a.log'), join(site.logs, 'old.log'));
    await generate(join(site.logs, 'a.log'), 2);
    expect((await running.ended).code).toBe(0);
    expect((await run(['ingest', site.logs, ...WORKERS], { env })).code).toBe(0);
    const expected = await byOne();
    expect(await ledger(place)).toEqual(expected.ledger);
    expect(await statisticsRows(place)).toEqual(expected.rows);
  });
});
