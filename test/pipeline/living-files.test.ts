import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { lineOf } from '../support/counted-lines.ts';
import type { ExpectedCounts } from '../support/living/expected-counts.ts';
import { OPERATIONS, type Operation, World } from '../support/living/world.ts';
import { checkAsync, runsOf } from '../support/property.ts';

const LINE_BYTES = lineOf('everybody', 0).length;

/** What happens more often than the rest. */
const OFTEN: readonly Operation[] = [
  'write',
  'write',
  'write',
  'look',
  'look',
  'look',
  'start',
  'start',
  'rename',
  'view looks',
];

const HEADERS = [
  { what: 'nothing', bytes: fc.constant(0) },
  { what: 'one equal line', bytes: fc.constant(LINE_BYTES) },
  { what: '25 equal lines', bytes: fc.constant(25 * LINE_BYTES) },
  { what: 'any number of equal bytes', bytes: fc.integer({ min: 1, max: 3_000 }) },
];

interface Step {
  readonly log: 0 | 1;
  readonly operation: Operation;
  readonly roll: number;
}

const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    log: fc.constantFrom(0 as const, 1 as const),
    operation: fc.constantFrom(...OFTEN, ...(Object.keys(OPERATIONS) as Operation[])),
    roll: fc.nat({ max: 10_000 }),
  }),
  { minLength: 3, maxLength: 30 },
);

let parent: string;
let store: Store;
let database: DatabaseSync;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'daymark-living-'));
  store = await openSqliteStore({ dataDir: parent });
  await store.migrate();
  database = new DatabaseSync(join(parent, 'daymark.db'));
});

afterAll(async () => {
  database.close();
  await store.close();
  rmSync(parent, { recursive: true });
});

function requestsByCustomer(): Map<string, number> {
  const rows = database.prepare('select customer_id, success_requests as requests from daily_stats').all();
  return new Map(rows.map((row) => [String(row.customer_id), Number(row.requests)]));
}

function ledger(): { lines: number; rejected: number; unsound: number } {
  const [row] = database
    .prepare(
      `select coalesce(sum(lines), 0) as lines, coalesce(sum(rejected), 0) as rejected,
        coalesce(sum(lines <> accepted + rejected + dropped + excluded), 0) as unsound from checkpoints`,
    )
    .all();
  return { lines: Number(row?.lines), rejected: Number(row?.rejected), unsound: Number(row?.unsound) };
}

function empty(): void {
  for (const table of [
    'customer_daily_stats',
    'rejected_lines',
    'rejection_counts',
    'partition_settings',
    'checkpoints',
  ])
    database.exec(`delete from ${table}`);
}

let sequences = 0;

async function live(headerBytes: number, sequence: readonly Step[]): Promise<ExpectedCounts> {
  empty();
  const world = new World(join(parent, String(sequences++)), headerBytes, store);
  for (const { operation, log, roll } of sequence) await world.apply(operation, log, roll);
  await world.end();
  return world.logs.expected;
}

/** Sorted, and only what differs from one line each: what is wrong shows at once. */
function counts(requests: ReadonlyMap<string, number>): string[] {
  return Array.from(requests, ([customer, count]) => `${customer} ${count}`).sort();
}

describe('each line of logs that live', () => {
  it.each(HEADERS)(
    'counts once, whatever happens to its file, to copies and views of it, to clock, store and program, where logs begin with $what',
    async ({ bytes }) => {
      await checkAsync(
        fc.asyncProperty(bytes, STEPS, async (headerBytes, sequence) => {
          const { requests, lines, rejected } = await live(headerBytes, sequence);
          expect(counts(requestsByCustomer())).toEqual(counts(requests));
          expect(ledger()).toEqual({ lines, rejected, unsound: 0 });
        }),
        Number(process.env.LIVING_RUNS ?? runsOf({ fast: 30, normal: 150, long: 3_000 })),
      );
    },
  );
});
