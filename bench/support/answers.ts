import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The numbers of one contender for a window of a customer. Not every contender has all of them. */
interface Answer {
  readonly success: number;
  readonly failed: number;
  /** Null if no request has a duration. */
  readonly mean?: number | null;
  readonly uptime?: number | null;
  readonly p50?: number;
  readonly p99?: number;
}

/** The windows of customers, and the expression of their keys in the database. */
const KEYS = {
  days: ['daily_stats', `customer_id || ' ' || date`],
  hours: ['hourly_stats', `customer_id || ' ' || hour`],
  endpoints: ['daily_endpoint_stats', `customer_id || ' ' || date || ' ' || endpoint`],
} as const;

export type AnswerKind = keyof typeof KEYS;

/** By customer, and day, hour, or day and endpoint. */
export type Answers = ReadonlyMap<string, Answer>;

/** Floating-point sums depend on their order. Everything else must be equal. */
const TOLERANCE = 1e-9;

/**
 * Rows as the peers print them: customer, the rest of the key, successes, failures; then optional mean and uptime; then optional p50
 * and p99.
 */
export function parseAnswers(text: string): Answers {
  const rows = text.split('\n').filter((line) => line !== '');
  return new Map(rows.map((row) => answerOf(row.split('\t'))));
}

function answerOf(fields: readonly string[]): [string, Answer] {
  const [customer, day, ...numbers] = fields;
  const [success, failed, mean, uptime, p50, p99] = numbers.map(Number) as number[];
  return [
    `${customer} ${day}`,
    {
      success: success!,
      failed: failed!,
      ...(mean !== undefined && { mean, uptime: uptime! }),
      ...(p50 !== undefined && { p50, p99: p99! }),
    },
  ];
}

/**
 * The rows that daymark stored in a data directory: of days, and of those kinds alone that it keeps.
 * @param customers whose rows; undefined: of all.
 */
export function storedAnswers(
  dataDirectory: string,
  kinds: readonly AnswerKind[] = ['days', 'hours', 'endpoints'],
  customers?: Iterable<string>,
): Answers {
  using database = openStored(dataDirectory);
  const ids = customers === undefined ? null : JSON.stringify([...customers]);
  const rows = kinds.flatMap((kind) => {
    const [table, key] = KEYS[kind];
    const statement = database.prepare(
      `select ${key} as key, success_requests as success, failed_requests as failed,
         duration_mean as mean, uptime_percentage as uptime, duration_p50 as p50, duration_p99 as p99
       from ${table} where ?1 is null or customer_id in (select value from json_each(?1))`,
    );
    return statement.all(ids) as unknown as ({ key: string } & Answer)[];
  });
  return new Map(rows.map(({ key, ...answer }) => [key, answer]));
}

/** Totals of the rows in a data directory. The database adds them up, because the rows may not fit into memory. */
export interface StoredTotals {
  readonly rows: number;
  readonly customers: number;
  readonly requests: number;
}

export function storedTotals(dataDirectory: string): StoredTotals {
  using database = openStored(dataDirectory);
  const totals = database.prepare(
    `select count(*) as rows, count(distinct customer_id) as customers,
       coalesce(sum(success_requests + failed_requests), 0) as requests
     from daily_stats`,
  );
  return totals.get() as unknown as StoredTotals;
}

function openStored(dataDirectory: string): DatabaseSync {
  return new DatabaseSync(join(dataDirectory, 'daymark.db'), { readOnly: true });
}

/**
 * How two answers differ, in words. Empty if they agree in everything that the other one has.
 * @param tolerance the share by which means may differ; 0 if both were computed in the same way.
 */
export function differences(ours: Answers, theirs: Answers, tolerance = TOLERANCE): string[] {
  const keys = new Set([...ours.keys(), ...theirs.keys()]);
  return [...keys].flatMap((key) => {
    const our = ours.get(key);
    const their = theirs.get(key);
    if (our === undefined || their === undefined)
      return [`${key}: only ${our ? 'daymark' : 'the other'} has it`];
    return differingFields(our, their, tolerance).map(
      (field) => `${key} ${field}: ${our[field]}, not ${their[field]}`,
    );
  });
}

function differingFields(our: Answer, their: Answer, tolerance: number): (keyof Answer)[] {
  const exact = (['success', 'failed', 'p50', 'p99'] as const).filter(
    (field) => their[field] !== undefined && our[field] !== their[field],
  );
  const close = (['mean', 'uptime'] as const).filter(
    (field) => their[field] !== undefined && !isClose(our[field], their[field], tolerance),
  );
  return [...exact, ...close];
}

function isClose(our: number | null | undefined, their: number | null, tolerance: number): boolean {
  if (our === null || their === null) return our === their;
  return our !== undefined && Math.abs(our - their) <= tolerance * Math.abs(their);
}
