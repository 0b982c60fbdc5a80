/**
 * Extracts of logs as products write them, with the rows that are right.
 *
 * Each `real-logs/NAME.log` has a `real-logs/NAME.json`: the settings that read it, and the rows that an independent
 * script computed. Addresses are those of documentation ranges.
 */

import { copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';
import { queryOf } from '../support/sqlite-place.ts';

const LOGS = join(import.meta.dirname, 'real-logs');

interface Row {
  readonly customer_id: string;
  readonly date: string;
  readonly success_requests: number;
  readonly failed_requests: number;
  readonly duration_mean: number | null;
  readonly duration_p50: number | null;
  readonly duration_p99: number | null;
  readonly uptime_percentage: number | null;
}

interface RealLog {
  /** What the log shows. */
  readonly about: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Rows of the store. */
  readonly expected: readonly Row[];
  /** What `stats` serves of the customers, where that is another number. */
  readonly served?: readonly Readonly<Record<string, unknown>>[];
}

/** What `check --json` says of a file. */
interface Checked {
  readonly settings: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
}

const realLogs = globSync('*.json', { cwd: LOGS })
  .sort()
  .map((name) => {
    const log: RealLog = JSON.parse(readFileSync(join(LOGS, name), 'utf8'));
    return { name: name.replace(/json$/, 'log'), ...log };
  });

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-real-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

async function rowsOf(
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>[]> {
  const path = join(directory, name);
  const env = { ...settings, DATA_DIR: join(directory, 'data'), MAX_REJECTED_PERCENT: '100' };
  copyFileSync(join(LOGS, name), path);
  await run(['ingest', '--json', path], { env });
  // Where no line is understood, nothing is stored.
  if (!existsSync(env.DATA_DIR)) return [];
  return queryOf(env.DATA_DIR)('select * from daily_stats order by customer_id, date');
}

/** @param given what only the user can know. */
async function checked(name: string, given: Readonly<Record<string, string>>): Promise<Checked> {
  const { stdout } = await run(['check', '--json', join(LOGS, name)], { env: given });
  const [file] = JSON.parse(stdout === '' ? '{"files":[]}' : stdout).files as Checked[];
  return file ?? { settings: {}, commands: [] };
}

/** Another program adds up floating-point numbers in another order. Counts and percentiles must be equal. */
function withRounding(row: Row): Record<string, unknown> {
  const { duration_mean: mean, uptime_percentage: uptime } = row;
  return {
    ...row,
    duration_mean: mean === null ? null : expect.closeTo(mean, 12),
    uptime_percentage: uptime === null ? null : expect.closeTo(uptime, 9),
  };
}

describe('a log as products write it', () => {
  it.each(realLogs)('gives the rows that are right: $name', async ({ name, settings, expected }) => {
    const rows = await rowsOf(name, settings);
    expect(rows).toMatchObject(expected.map(withRounding));
    expect(rows).toHaveLength(expected.length);
  });

  it.each(realLogs)('is read so by what `check` recommends, or it recommends nothing: $name', async (log) => {
    const { LOG_FORMAT: _, LOG_WRAPPER: __, ...given } = log.settings;
    const { settings, commands } = await checked(log.name, given);
    if (commands.length === 0) return expect(settings).toEqual({});
    const rows = await rowsOf(log.name, { ...given, ...settings });
    const isWhole = commands.some((each) => / ingest /.test(each) && !each.includes('MISSING_CUSTOMER_ID'));
    if (isWhole) expect(rows).toHaveLength(log.expected.length);
    // Where it asks for the customer, fewer rows are right, but no others.
    for (const row of rows) {
      const same = log.expected.find(
        (each) => each.customer_id === row.customer_id && each.date === row.date,
      );
      expect(same && row).toMatchObject(same ? withRounding(same) : { customer_id: 'one of the expected' });
    }
  });

  it.each(realLogs.filter(({ served }) => served))('is served as it says: $name', async (log) => {
    await rowsOf(log.name, log.settings);
    for (const row of log.served ?? []) {
      const args = ['stats', '--json', `${row.customer_id}`, '--from', `${row.date}`];
      const { stdout } = await run(args, { env: { DATA_DIR: join(directory, 'data') } });
      expect(JSON.parse(stdout)).toMatchObject([row]);
    }
  });
});
