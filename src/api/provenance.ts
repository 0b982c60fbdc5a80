/** Which logs the numbers of a day rest on, and what was changed of final days, as the API and the terminal say it. */

import { setImmediate } from 'node:timers/promises';
import { DaymarkError } from '../errors.ts';
import { DAY_CHANGES_PIECE_ROWS } from '../limits.ts';
import type { AvailabilityDefinition } from '../statistics/availability.ts';
import { countNumbersOf } from '../statistics/count-numbers.ts';
import { stateHeadOf } from '../statistics/daily-statistics.ts';
import type { DayNumbers } from '../statistics/day-numbers.ts';
import type { DayChange, DaySource, PartitionDay, Store, StoreSnapshot } from '../store/contract.ts';
import { isDate } from '../window/day.ts';
import { customerDays } from '../window/key.ts';
import type { SpanRange } from '../window/kind.ts';
import { type CustomerNames, NO_NAMES } from './customer-names.ts';
import type { Row } from './forms.ts';
import type { InputWords } from './input-words.ts';
import { assertKnownCustomer, customerShown } from './known-customer.ts';
import type { ListPage } from './lists.ts';
import { encodeCursor, type PagePlace } from './page-cursor.ts';
import { instantOrNull, PRINTABLE } from './sources.ts';

const DAY_SOURCES = 'sources';
/** The list of a cursor. `/v1/sources` has another one. */
export const DAY_SOURCES_LIST = 'day-sources';
export const CHANGES = 'changes';

/** The columns of CSV. */
export const DAY_SOURCE_COLUMNS: readonly string[] = [
  ...['id', 'name', 'state', 'fingerprint', 'lines', 'from_offset', 'from_at', 'to_offset', 'to_at'],
  'source_name',
];

type Words = Pick<InputWords, 'positionText'>;

/** Where lines of a day stand. */
function placeOf(
  { partitionId, lines, fromOffset, toOffset }: Omit<PartitionDay, 'date'> & Pick<DaySource, 'partitionId'>,
  { positionText }: Words,
) {
  return {
    lines,
    ...{ from_offset: fromOffset, from_at: positionText(fromOffset, partitionId) },
    ...{ to_offset: toOffset, to_at: positionText(toOffset, partitionId) },
  };
}

/** A log with its lines of a day. The order of the fields is part of the API. */
function daySourceOf(source: DaySource, words: Words) {
  const { partitionId: id, name, sourceName, state, headFingerprint: fingerprint } = source;
  const source_name = sourceName === '' ? null : sourceName;
  return { id, name, state, fingerprint, ...placeOf(source, words), source_name };
}

/** What answers need beside the store. */
export interface ProvenanceParts {
  readonly words: Words;
  readonly customers?: CustomerNames;
  readonly definition: AvailabilityDefinition;
}

export interface DaySourcesAsked {
  /** It may be an alias. Undefined: no customer's requests are counted. */
  readonly customerId: string | undefined;
  readonly date: string;
  readonly limit: number;
  readonly from: PagePlace;
}

/** A customer in the head of an answer. */
interface CustomerHead {
  readonly customer_id: string | null;
  readonly customer_name?: string;
}

/** The logs of a day, by id, from a place on. @throws {DaymarkError} CUSTOMER_UNKNOWN; STORE_*. */
export function readDaySources(
  store: Pick<Store, 'readSnapshot'>,
  { customerId, date, limit, from }: DaySourcesAsked,
  parts: ProvenanceParts,
) {
  return store.readSnapshot(async (snapshot) => {
    const head = await headOf(snapshot, customerId, parts);
    const { lines, unknownLines } = await snapshot.dayLines(date);
    const requests =
      head.customer_id === null ? lines + unknownLines : await requestsOf(snapshot, head.customer_id, date);
    // The next page begins with the one log that is too many.
    const sources = await snapshot.daySources({ date, fromId: from.id, limit: limit + 1 });
    const next = sources[limit];
    return {
      head: { ...head, date, requests, lines, unknown_lines: unknownLines },
      rows: sources.slice(0, limit).map((source) => daySourceOf(source, parts.words)),
      next: next && { id: next.partitionId, offset: 0 },
    };
  });
}

export type DaySources = Awaited<ReturnType<typeof readDaySources>>;

/** A page of them. */
export async function daySourcesPage(...asked: Parameters<typeof readDaySources>): Promise<ListPage> {
  const { next, ...page } = await readDaySources(...asked);
  return {
    ...{ ...page, name: DAY_SOURCES, columns: DAY_SOURCE_COLUMNS, ...PRINTABLE },
    next: next ? encodeCursor(DAY_SOURCES_LIST, next) : null,
  };
}

async function headOf(
  snapshot: StoreSnapshot,
  asked: string | undefined,
  { customers = NO_NAMES }: ProvenanceParts,
): Promise<CustomerHead> {
  const customer = customerShown(customers, asked);
  await assertKnownCustomer(snapshot, customer);
  const { customerId = null, name } = customer;
  return { customer_id: customerId, ...(name === undefined ? {} : { customer_name: name }) };
}

async function requestsOf(snapshot: StoreSnapshot, customerId: string, date: string): Promise<number> {
  let requests = 0;
  const days = snapshot.mergeableWindows({ ...customerDays(customerId), from: date, to: date });
  for await (const page of days)
    for (const { state } of page)
      for (const status of stateHeadOf(state).statuses) requests += status.requests;
  return requests;
}

export interface ChangesAsked extends SpanRange {
  /** It may be an alias. */
  readonly customerId: string;
  readonly limit: number;
  readonly place: PagePlace;
}

/** The changes of a range, by day and number, from a place on. @throws {DaymarkError} CUSTOMER_UNKNOWN; INVALID_REQUEST; STORE_*. */
export function readDayChanges(
  store: Pick<Store, 'readSnapshot'>,
  { customerId, from, to, limit, place }: ChangesAsked,
  parts: ProvenanceParts,
) {
  const isFirst = place.id === '';
  if (!isFirst && !(isDate(place.id) && place.id >= from && place.id <= to && place.offset >= 0))
    throw new DaymarkError('INVALID_REQUEST', '`cursor` belongs to another range.');
  return store.readSnapshot(async (snapshot) => {
    const head = await headOf(snapshot, customerId, parts);
    const start = { from: isFirst ? from : place.id, fromNumber: place.offset };
    const query = { customerId: head.customer_id ?? '', to };
    const changes = await readChanges(snapshot, query, start, limit + 1);
    const next = changes[limit];
    return {
      head: { ...head, from, to },
      rows: changes.slice(0, limit).map((change) => changeRow(change, parts)),
      next: next && { id: next.date, offset: next.number },
    };
  });
}

export type DayChangesFound = Awaited<ReturnType<typeof readDayChanges>>;

/** A page of them. */
export async function changesPage(...asked: Parameters<typeof readDayChanges>): Promise<ListPage> {
  const { next, ...page } = await readDayChanges(...asked);
  return {
    ...{ ...page, name: CHANGES, columns: CHANGE_COLUMNS, cellsOf: flatChange, ...PRINTABLE },
    next: next ? encodeCursor(CHANGES, next) : null,
  };
}

/** Reads a few at a time: a change can have several kilobytes, and others are to have their turn. */
async function readChanges(
  snapshot: StoreSnapshot,
  query: { readonly customerId: string; readonly to: string },
  start: { readonly from: string; readonly fromNumber: number },
  limit: number,
): Promise<readonly DayChange[]> {
  const changes: DayChange[] = [];
  for (let { from, fromNumber } = start; ; ) {
    const most = Math.min(DAY_CHANGES_PIECE_ROWS, limit - changes.length);
    const piece = await snapshot.dayChanges({ ...query, from, fromNumber, limit: most });
    changes.push(...piece);
    const last = piece.at(-1);
    if (!last || piece.length < most || changes.length === limit) return changes;
    [from, fromNumber] = [last.date, last.number + 1];
    await setImmediate();
  }
}

/** The order of the fields is part of the API. */
function changeRow(change: DayChange, { words, definition }: ProvenanceParts) {
  const { date, number, count, changedMs, cause, before, after, sources, sourceCount } = change;
  return {
    ...{ date, number, change_count: count, changed: instantOrNull(changedMs), cause },
    before: before && numbersOf(before, definition),
    after: after && numbersOf(after, definition),
    source_count: sourceCount,
    sources: sources.map((source) => {
      const { partitionId: id, name } = source;
      return { id, name, ...placeOf(source, words) };
    }),
  };
}

function numbersOf({ statuses, ...columns }: DayNumbers, definition: AvailabilityDefinition) {
  const { uptime_percentage, duration_mean, duration_p50, duration_p99 } = columns;
  const durations = { uptime_percentage, duration_mean, duration_p50, duration_p99 };
  return { ...countNumbersOf(statuses, definition), ...durations, statuses };
}

/** The numbers of a day before and after a change; those of CSV are all but the statuses. */
const NUMBER_NAMES = [
  ...['requests', 'success_requests', 'failed_requests', 'error_requests', 'counted_requests'],
  ...['availability_percentage', 'success_percentage', 'uptime_percentage'],
  ...['duration_mean', 'duration_p50', 'duration_p99'],
];

export const CHANGE_COLUMNS: readonly string[] = [
  ...['date', 'number', 'change_count', 'changed', 'cause'],
  ...NUMBER_NAMES.map((name) => `before_${name}`),
  ...NUMBER_NAMES.map((name) => `after_${name}`),
  ...['source_count', 'sources'],
];

/** The cells of a change in CSV. */
export function flatChange({ before, after, ...change }: Row): Row {
  const cells = (prefix: string, numbers: unknown) =>
    Object.fromEntries(
      NUMBER_NAMES.map((name) => [
        `${prefix}_${name}`,
        (numbers as Record<string, unknown> | null)?.[name] ?? null,
      ]),
    );
  return { ...change, ...cells('before', before), ...cells('after', after) };
}
