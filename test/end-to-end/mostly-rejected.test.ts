import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { ledger } from '../support/rows.ts';
import { SQLITE, type StorePlace } from '../support/sqlite-place.ts';
import { until } from '../support/until.ts';

const good = (customer: string) => `2024-10-02 05:10:46 ${customer} /api/v1/resource1 200 0.316\n`;
const BAD = '2024-10-02T05:10:46Z cust_1 /api/v1/resource1 200 0.316\n';
const MB = 1e6;

let directory: string;
let logs: string;
let place: StorePlace;
let env: Record<string, string>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-mostly-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  place = await SQLITE.createPlace();
  env = { ...envOf(place.location), LOGS_SOURCE_DIR: logs };
});

afterEach(async () => {
  await place.dispose();
  rmSync(directory, { recursive: true });
});

const log = (name: string, text: string) => writeFileSync(join(logs, name), text);

describe('a file of which most lines are rejected', () => {
  it.each([['1'], ['3']])('is not stored with %s workers, and others are', async (workers) => {
    log('a.log', good('a').repeat((20 * MB) / 50));
    log('b.log', good('b') + BAD.repeat((20 * MB) / 50));
    log('c.log', good('c').repeat(5000));
    const result = await run(['ingest', '--json', '--workers', workers], { env });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('MOSTLY_REJECTED');
    expect(result.stderr).toMatch(/b\.log.*invalid_timestamp, such as the one at byte \d+: 2024-10-02T05/);
    expect(result.stderr.match(/MOSTLY_REJECTED: /g)).toHaveLength(1);
    expect(JSON.parse(result.stdout)).toMatchObject({
      lines_read: (20 * MB) / 50 + 5000,
      rejected: 0,
      is_complete: true,
    });
    expect(await ledger(place)).toMatchObject({ accepted: (20 * MB) / 50 + 5000, rejected: 0 });
  });

  it('keeps what was committed before', async () => {
    log('a.log', good('a').repeat(3000) + BAD.repeat(9000));
    const result = await run(['ingest', '--json', '--batch-lines', '1000'], { env });
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({ lines_read: 6000, accepted: 3000, rejected: 3000 });
    expect(await ledger(place)).toMatchObject({ lines: 6000, accepted: 3000 });
  });

  it('is read where the bound allows it, or where it is short', async () => {
    log('a.log', good('a').repeat(400) + BAD.repeat(600));
    expect((await run(['ingest', '--max-rejected-percent', '59'], { env })).code).toBe(1);
    expect((await run(['ingest', '--max-rejected-percent', '60'], { env })).code).toBe(0);
    log('b.log', good('b') + BAD.repeat(998));
    expect(await run(['ingest'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('FEW_ACCEPTED: Only 1 of 999 lines were accepted'),
    });
    log('c.log', good('c') + BAD.repeat(5000));
    expect((await run(['ingest', '--max-rejected-percent', '100'], { env })).code).toBe(0);
    expect(await ledger(place)).toMatchObject({ lines: 1000 + 999 + 5001 });
  });

  it('is told once while following, and left alone until the next start', async () => {
    log('a.log', good('a') + BAD.repeat(2000));
    const running = start(['ingest', '--follow', '--json'], { env });
    await running.says('following');
    appendFileSync(join(logs, 'a.log'), good('a').repeat(10));
    log('b.log', good('b'));
    await until(async () => (await ledger(place)).lines > 0);
    running.process.kill('SIGTERM');
    const { stderr, stdout } = await running.ended;
    expect(stderr.match(/MOSTLY_REJECTED: /g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ lines_read: 1, accepted: 1 });
  });
});
