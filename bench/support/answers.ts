import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What a contender says of one customer and day; not every contender says everything. */
interface Answer {
  readonly success: number;
  readonly failed: number;
  /** Null where no request has a duration. */
  readonly mean?: number | null;
  readonly uptime?: number | null;
  readonly p50?: number;
  readonly p99?: number;
}

/** By customer and day. */
export type Answers = ReadonlyMap<string, Answer>;

/** Sums of floating-point numbers depend on their order; everything else must be equal. */
const TOLERANCE = 1e-9;

/** Rows as the peers print them: customer, day, successes, failures; then, where asked, mean, uptime; then p50, p99. */
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

/** What daymark has stored in a data directory; of all customers, or of those that are named. */
export function storedAnswers(dataDirectory: string, customers?: Iterable<string>): Answers {
  using database = openStored(dataDirectory);
  const rows = database
    .prepare(
      `select customer_id || ' ' || date as key, success_requests as success, failed_requests as failed,
         duration_mean as mean, uptime_percentage as uptime, duration_p50 as p50, duration_p99 as p99
       from daily_stats where ?1 is null or customer_id in (select value from json_each(?1))`,
    )
    .all(customers === undefined ? null : JSON.stringify([...customers])) as unknown as ({
    key: string;
  } & Answer)[];
  return new Map(rows.map(({ key, ...answer }) => [key, answer]));
}

/** What daymark has stored in a data directory, added up by the database: for more rows than fit into memory. */
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
 * How two answers differ, in words; nothing where they agree in all that the other says.
 * @param tolerance the share by which means may differ; 0 where both were computed in the same way.
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
