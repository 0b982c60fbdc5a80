/** Requests by status, from the beginnings of stored states. */

import { type Expression, type SqlBool, sql } from 'kysely';
import { STATE_HEAD_BYTES } from '../../statistics/daily-statistics.ts';
import { StatusCounter, StatusReader } from '../../statistics/status-counts.ts';
import type { StatusCount } from '../../statistics/types.ts';
import { compareUtf8 } from '../../window/key.ts';
import { CUSTOMER_DAYS, type SpanRange } from '../../window/kind.ts';
import type { StoreDialect } from '../dialect.ts';
import { type MakeParameter, RowsStatement } from '../statement.ts';
import { statisticsTable } from '../tables.ts';
import { keyColumns } from './window-statements.ts';

/**
 * How much of each state is read. `usual` is enough for about 12 statuses, which nearly all days have less of. `most` is
 * enough for all.
 */
export const HEAD_BYTES = { usual: 96, most: STATE_HEAD_BYTES.most } as const;

/** By what heads are joined. */
export type HeadGroup = 'customer_id' | 'date';

/** A customer of a statement, and the days. (A statement of rows takes all of its parameters from them.) */
export interface Days extends SpanRange {
  readonly customerId: string;
}

/** The heads of several states, one behind the other, in hexadecimal. */
export interface HeadsRow {
  /** What they have in common: a customer, or a day. */
  readonly id: string;
  /** Each is filled up with `f`, so that all have the same length. No number ends in such bytes. */
  readonly heads: string;
  /** How many there are. */
  readonly days: number;
  /** The greatest customer, and the greatest day. */
  readonly lastCustomerId: string;
  readonly lastDate: string;
}

/** The key of the last day, in the order of keys, of all days of some rows. */
export function lastKeyOf(rows: readonly HeadsRow[]): { readonly customerId: string; readonly date: string } {
  let last = { customerId: rows[0].lastCustomerId, date: rows[0].lastDate };
  for (const { lastCustomerId: customerId, lastDate: date } of rows) {
    const order = compareUtf8(customerId, last.customerId);
    if (order > 0 || (order === 0 && date > last.date)) last = { customerId, date };
  }
  return last;
}

const reader = new StatusReader();
const counter = new StatusCounter();
let bytes = Buffer.alloc(0);

/**
 * @param headBytes the length of each head.
 * @returns the requests of all by status; undefined where a head is longer.
 * @throws {DaymarkError} STORE_CORRUPT where all of a head is there and it cannot be read.
 */
export function statusesIn({ heads }: HeadsRow, headBytes: number): StatusCount[] | undefined {
  const length = heads.length / 2;
  if (bytes.length < length) bytes = Buffer.alloc(2 * length);
  bytes.write(heads, 0, 'hex');
  try {
    for (let at = 0; at < length; at += headBytes) {
      reader.read(bytes.subarray(at, at + headBytes));
      counter.addHead(reader);
    }
    return counter.take();
  } catch (error) {
    counter.take();
    if (headBytes === HEAD_BYTES.most) throw error;
    return undefined;
  }
}

/** The requests of one state by status. @param head its first `HEAD_BYTES.most` bytes. @throws {DaymarkError} STORE_CORRUPT. */
export function statusesOf(head: Uint8Array): StatusCount[] {
  reader.read(head);
  return reader.counts();
}

/** Statements that read the heads of the states of some days. @param limit only the first so many, in the order of keys. */
export function headStatements(
  dialect: StoreDialect,
  headBytes: number,
  limit?: number,
): Record<HeadGroup, RowsStatement<Days, HeadsRow>> {
  return {
    customer_id: selectHeads(dialect, 'customer_id', headBytes, limit),
    date: selectHeads(dialect, 'date', headBytes, limit),
  };
}

/**
 * A row for each state takes more than twice as long in the embedded store: 10.4 s of a core for 3 million days, and so
 * 4.2 s; with a limit 7.3 s (2026-11-29, two busy cores).
 */
function selectHeads(
  { db, joinHex }: StoreDialect,
  by: HeadGroup,
  headBytes: number,
  limit: number | undefined,
): RowsStatement<Days, HeadsRow> {
  return new RowsStatement((parameter, customers) => {
    const days = db
      .selectFrom(statisticsTable(CUSTOMER_DAYS))
      .select(keyColumns(CUSTOMER_DAYS))
      .select(sql`substr(state, 1, ${sql.lit(headBytes)})`.as('state'))
      .where(isOfDays(parameter, customers));
    const first = limit === undefined ? days : days.orderBy(sql`customer_id, date`).limit(limit);
    return db
      .selectFrom(first.as('days'))
      .select([
        sql.ref<string>(by).as('id'),
        joinHex(sql.ref('state'), headBytes).as('heads'),
        sql<number>`count(*)`.as('days'),
        sql<string>`max(customer_id)`.as('lastCustomerId'),
        sql<string>`max(date)`.as('lastDate'),
      ])
      .groupBy(sql.ref(by))
      .$castTo<HeadsRow>();
  });
}

/** True of the days of these customers. The days are those of the first one: all have the same. */
export function isOfDays(
  parameter: MakeParameter<readonly Days[]>,
  customers: readonly number[],
): Expression<SqlBool> {
  const ids = customers.map((i) => sql`${parameter((days) => days[i].customerId)}`);
  const from = sql`${parameter(([{ from }]) => from)}`;
  const to = sql`${parameter(([{ to }]) => to)}`;
  return sql<SqlBool>`customer_id in (${sql.join(ids)}) and date >= ${from} and date <= ${to}`;
}
