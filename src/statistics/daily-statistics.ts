/** The statistics of one window: merge, encode, decode, finalize. `window-accumulator.ts` adds records to them. */

import { bug } from '../errors.ts';
import { CountsBuffer } from './counts.ts';
import {
  EXACT,
  FOUR_DIGITS_ONLY,
  fits,
  type Level,
  LONGEST_MS,
  numberOf,
  OTHERS_END,
  ofNumber,
} from './duration-levels.ts';
import { copyOf, HistogramSum, histogramTotal } from './histogram.ts';
import { nearestRankUs } from './nearest-rank.ts';
import { readFourDigitHistogram } from './old-states.ts';
import type { Counted, Counts, DailyStatistics, Histogram, ServedStatistics, StatusTotal } from './types.ts';
import { isSuccess, successPercentage, uptimePercentage } from './uptime.ts';
import { corrupt, VarintReader, VarintWriter } from './varints.ts';

/**
 * The first byte of every encoded state. Give a new layout the next number. Version 1 had no level, and one list of
 * buckets with four digits each: see `old-states.ts`.
 */
const FORMAT_VERSION = 2;
const FOUR_DIGIT_VERSION = 1;

/** 0, and 100 to 599. */
export const MAX_STATUSES = 501;

/** Statistics, plain or as {@link encodeStatistics} wrote them. */
export type AnyStatistics = DailyStatistics | Uint8Array;

const sum = new HistogramSum();

/** Where a part is decoded to. */
interface DecodeBuffers {
  milliseconds: CountsBuffer;
  others: CountsBuffer;
}

/**
 * Parts are decoded one after the other into the same buffers. A list of the sum may still be a view of what was decoded last,
 * so there is a spare buffer for each. With buffers for each part, 30 days of 50 customers took twice as long.
 */
const decoded: DecodeBuffers = { milliseconds: new CountsBuffer(), others: new CountsBuffer() };
const spare: DecodeBuffers = { milliseconds: new CountsBuffer(), others: new CountsBuffer() };

/** Keeps the lists of a sum that are views of what was decoded last. */
function keepOf({ milliseconds, others }: Histogram): void {
  for (const [name, { values }] of [
    ['milliseconds', milliseconds],
    ['others', others],
  ] as const)
    if (decoded[name].holds(values)) [decoded[name], spare[name]] = [spare[name], decoded[name]];
}

/**
 * Merges statistics. The order of the parts does not matter, and no part is changed.
 * @param parts at least one.
 * @throws {DaymarkError} STORE_CORRUPT where a part is not a valid encoding: daymark never serves numbers it cannot trust.
 */
export function mergeStatistics(parts: readonly AnyStatistics[]): DailyStatistics {
  const merged = mergeBriefly(parts);
  return { ...merged, histogram: copyOf(merged.histogram) };
}

/** The same, but the histogram is valid only until the next merge, and as long as those of the parts. */
function mergeBriefly(parts: readonly AnyStatistics[]): DailyStatistics {
  let merged: DailyStatistics | undefined;
  for (const part of parts) {
    const plain = part instanceof Uint8Array ? decodeInto(part, decoded) : part;
    merged = merged ? mergeTwo(merged, plain) : plain;
    keepOf(merged.histogram);
  }
  if (!merged) throw bug('nothing to merge');
  return merged;
}

function mergeTwo(a: DailyStatistics, b: DailyStatistics): DailyStatistics {
  return {
    ...addCounted(a, b),
    firstEventMs: Math.min(a.firstEventMs, b.firstEventMs),
    lastEventMs: Math.max(a.lastEventMs, b.lastEventMs),
  };
}

/** Merges what was counted of one window. @param parts at least one. The result is valid until the next merge. */
export function mergeCounted(parts: readonly Counted[]): Counted {
  return parts.reduce(addCounted);
}

function addCounted(a: Counted, b: Counted): Counted {
  return { statuses: mergeStatuses(a.statuses, b.statuses), histogram: sum.add(a.histogram, b.histogram) };
}

/** Both are in the order of statuses, and so is the result. */
function mergeStatuses(a: readonly StatusTotal[], b: readonly StatusTotal[]): StatusTotal[] {
  const merged: StatusTotal[] = [];
  let i = 0;
  for (const total of b) {
    while (i < a.length && a[i].status < total.status) merged.push(a[i++]);
    merged.push(i < a.length && a[i].status === total.status ? sumOf(a[i++], total) : total);
  }
  while (i < a.length) merged.push(a[i++]);
  return merged;
}

function sumOf(a: StatusTotal, b: StatusTotal): StatusTotal {
  const { status } = a;
  return { status, requests: a.requests + b.requests, durationUs: a.durationUs + b.durationUs };
}

const writer = new VarintWriter();

/**
 * Encodes statistics, as varints: format version; level; first and last event time (ms, signed); the number of statuses,
 * and for each the difference to the one before, its requests and its summed µs; the number of whole milliseconds, then
 * their {@link VarintWriter.counts}; the number of other durations, then theirs, as `numberOf` numbers them. Equal
 * statistics have equal bytes.
 */
export function encodeStatistics(statistics: DailyStatistics): Uint8Array {
  const { level, milliseconds, others } = statistics.histogram;
  writer.byte(FORMAT_VERSION);
  writer.byte(level);
  writer.signedVarint(statistics.firstEventMs);
  writer.signedVarint(statistics.lastEventMs);
  writer.varint(statistics.statuses.length);
  let previous = 0;
  for (const { status, requests, durationUs } of statistics.statuses) {
    writer.varint(status - previous);
    writer.varint(requests);
    writer.bigVarint(durationUs);
    previous = status;
  }
  encodeCounts(milliseconds);
  encodeCounts(level === EXACT ? others : mapped(others, (us) => numberOf(level, us)));
  return writer.take();
}

function encodeCounts(list: Counts): void {
  writer.varint(list.values.length);
  if (list.encoded) writer.bytes(list.encoded);
  else writer.counts(list);
}

function mapped({ values, counts }: Counts, change: (value: number) => number): Counts {
  return { values: values.map(change), counts };
}

/** Reads what {@link encodeStatistics} wrote. @throws {DaymarkError} STORE_CORRUPT for anything else. */
export function decodeStatistics(bytes: Uint8Array): DailyStatistics {
  return mergeStatistics([bytes]);
}

function decodeInto(bytes: Uint8Array, into: DecodeBuffers): DailyStatistics {
  const reader = new VarintReader(bytes);
  const head = decodeHead(reader);
  const histogram = head.isOld ? readFourDigitHistogram(reader) : decodeHistogram(reader, head.level, into);
  if (reader.remaining !== 0) throw corrupt('it does not end where it should');
  const { statuses, firstEventMs, lastEventMs } = head;
  assertConsistent(statuses, histogramTotal(histogram));
  return { statuses, histogram, firstEventMs, lastEventMs };
}

function decodeHistogram(reader: VarintReader, level: Level, into: DecodeBuffers): Histogram {
  const milliseconds = reader.counts(reader.varint(), LONGEST_MS + 1, into.milliseconds);
  const numbered = reader.counts(reader.varint(), OTHERS_END[level], into.others);
  const others = level === EXACT ? numbered : mapped(numbered, (number) => ofNumber(level, number));
  if (!fits(level, milliseconds.values.length, others.values.length))
    throw corrupt('it has too many durations');
  return { level, milliseconds, others };
}

/** What stands before the histogram. */
export interface StateHead extends Omit<DailyStatistics, 'histogram'> {
  readonly level: Level;
  /** True where the state has format version 1. */
  readonly isOld: boolean;
}

function decodeHead(reader: VarintReader): StateHead {
  return { ...decodeHeadStart(reader), statuses: decodeStatuses(reader) };
}

/** True of a state as this version writes it. */
export function isPresentForm(state: Uint8Array): boolean {
  return state[0] === FORMAT_VERSION;
}

/** Reads what stands before the statuses. */
function decodeHeadStart(reader: VarintReader): Omit<StateHead, 'statuses'> {
  const isOld = decodeVersion(reader);
  const level = decodeLevel(reader, isOld);
  const firstEventMs = reader.signedVarint();
  const lastEventMs = reader.signedVarint();
  return { level, isOld, firstEventMs, lastEventMs };
}

/** Passes over what stands before the statuses. @throws {DaymarkError} STORE_CORRUPT. */
export function skipHeadStart(reader: VarintReader): void {
  decodeLevel(reader, decodeVersion(reader));
  reader.skipVarint();
  reader.skipVarint();
}

/** @returns true for the version that had four digits only. */
function decodeVersion(reader: VarintReader): boolean {
  const version = reader.byte();
  const isOld = version === FOUR_DIGIT_VERSION;
  if (!isOld && version !== FORMAT_VERSION)
    throw corrupt(`its format version is ${version}, not ${FORMAT_VERSION}`);
  return isOld;
}

function decodeLevel(reader: VarintReader, isOld: boolean): Level {
  const level = isOld ? FOUR_DIGITS_ONLY : reader.byte();
  if (level > FOUR_DIGITS_ONLY) throw corrupt(`it has no level ${level}`);
  return level as Level;
}

/** A time has at most 8 bytes, a status 2, its requests 8 and its durations 19. */
const MAX_HEAD_BYTES = 2 + 2 * 8 + 2 + MAX_STATUSES * (2 + 8 + 19);

/**
 * How much of a state to read for {@link stateHeadOf}. `usual` is enough for about 25 statuses, `most` for all that
 * there are. A state can have tens of thousands of bytes.
 */
export const STATE_HEAD_BYTES = { usual: 256, most: MAX_HEAD_BYTES } as const;

/**
 * The statuses of a window and its level, from the beginning of its encoded state. The histogram behind them is not
 * checked.
 * @throws {DaymarkError} STORE_CORRUPT, also where the beginning is too short.
 */
export function stateHeadOf(head: Uint8Array): StateHead {
  return decodeHead(new VarintReader(head));
}

/** @param timed the number of requests with a duration. */
function assertConsistent(statuses: readonly StatusTotal[], timed: number): void {
  if (timed > totalRequests(statuses)) throw corrupt('its counts contradict each other');
  if (timed === 0 && totalDurationUs(statuses) > 0n) throw corrupt('it has a sum of no durations');
}

function decodeStatuses(reader: VarintReader): StatusTotal[] {
  const length = reader.varint();
  if (length > MAX_STATUSES) throw corrupt('it has too many statuses');
  const statuses: StatusTotal[] = [];
  let status = 0;
  for (let i = 0; i < length; i++) {
    status += reader.varint();
    statuses.push({ status, requests: reader.varint(), durationUs: reader.bigVarint() });
  }
  return statuses;
}

/** The state and the numbers of a window after a delta was added. */
export interface UpdatedState {
  readonly state: Uint8Array;
  readonly served: ServedStatistics;
}

/**
 * Adds a delta to the state of a window.
 * @param state encoded; undefined where the window is new.
 * @throws {DaymarkError} STORE_CORRUPT.
 */
export function addToState(state: Uint8Array | undefined, delta: DailyStatistics): UpdatedState {
  const statistics = state === undefined ? delta : mergeBriefly([state, delta]);
  return { state: encodeStatistics(statistics), served: finalizeStatistics(statistics) };
}

/** The numbers to serve. @param statistics of at least one request. */
export function finalizeStatistics({ statuses, histogram }: DailyStatistics): ServedStatistics {
  let successRequests = 0;
  let failedRequests = 0;
  let successUs = 0n;
  let failedUs = 0n;
  for (const { status, requests, durationUs } of statuses) {
    if (isSuccess(status)) {
      successRequests += requests;
      successUs += durationUs;
    } else {
      failedRequests += requests;
      failedUs += durationUs;
    }
  }
  const requests = successRequests + failedRequests;
  if (requests === 0) throw bug('statistics of no request');
  return {
    successRequests,
    failedRequests,
    ...servedDurations(histogram, successUs, successUs + failedUs),
    successPercentage: successPercentage(successRequests, requests),
  };
}

type ServedDurations = Pick<
  ServedStatistics,
  'durationMeanS' | 'durationP50S' | 'durationP99S' | 'uptimePercentage'
>;

/** The numbers about requests that have a duration. */
function servedDurations(histogram: Histogram, successUs: bigint, totalUs: bigint): ServedDurations {
  const timed = histogramTotal(histogram);
  if (timed === 0)
    return { durationMeanS: null, durationP50S: null, durationP99S: null, uptimePercentage: null };
  return {
    durationMeanS: Number(totalUs) / (timed * 1e6),
    durationP50S: nearestRankUs(histogram, timed, 50) / 1e6,
    durationP99S: nearestRankUs(histogram, timed, 99) / 1e6,
    uptimePercentage: uptimePercentage(successUs, totalUs),
  };
}

function totalRequests(statuses: readonly StatusTotal[]): number {
  return statuses.reduce((total, { requests }) => total + requests, 0);
}

function totalDurationUs(statuses: readonly StatusTotal[]): bigint {
  return statuses.reduce((total, { durationUs }) => total + durationUs, 0n);
}
