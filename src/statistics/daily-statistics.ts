/** The statistics of one window: merge, encode, decode, finalize. `window-accumulator.ts` adds records to them. */

import { bug } from '../errors.ts';
import { HistogramSum, histogramTotal } from './histogram-sum.ts';
import { nearestRankUs } from './nearest-rank.ts';
import type { DailyStatistics, Histogram, ServedStatistics, StatusTotal } from './types.ts';
import { isSuccess, successPercentage, uptimePercentage } from './uptime.ts';
import { corrupt, VarintReader, VarintWriter } from './varints.ts';

/** The first byte of every encoded state. Give a new layout the next number. */
const FORMAT_VERSION = 1;

/** 0, and 100 to 599. */
const MAX_STATUSES = 501;

/** Statistics, plain or as {@link encodeStatistics} wrote them. */
export type AnyStatistics = DailyStatistics | Uint8Array;

const sum = new HistogramSum();

/**
 * Merges statistics. The order of the parts does not matter, and no part is changed.
 * @param parts at least one.
 * @throws {DaymarkError} STORE_CORRUPT where a part is not a valid encoding: daymark never serves numbers it cannot trust.
 */
export function mergeStatistics(parts: readonly AnyStatistics[]): DailyStatistics {
  const merged = mergeBriefly(parts);
  const { buckets, counts, encoded } = merged.histogram;
  const copy = { buckets: buckets.slice(), counts: counts.slice() };
  return { ...merged, histogram: encoded ? { ...copy, encoded } : copy };
}

/** The same, but the histogram is valid only until the next merge. */
function mergeBriefly(parts: readonly AnyStatistics[]): DailyStatistics {
  try {
    let merged = addPart(parts[0]);
    for (let i = 1; i < parts.length; i++) merged = mergeHeads(merged, addPart(parts[i]));
    const { statuses, firstEventMs, lastEventMs, encoded } = merged;
    const { buckets, counts } = sum.take();
    const histogram = encoded ? { buckets, counts, encoded } : { buckets, counts };
    return { statuses, histogram, firstEventMs, lastEventMs };
  } catch (error) {
    sum.take();
    throw error;
  }
}

/** All but the histogram. `encoded` is the encoded histogram, where that is known. */
interface Head extends Omit<DailyStatistics, 'histogram'> {
  readonly encoded?: Uint8Array | undefined;
}

function addPart(part: AnyStatistics): Head {
  if (part instanceof Uint8Array) return addEncoded(part);
  const { statuses, histogram, firstEventMs, lastEventMs } = part;
  sum.addHistogram(histogram);
  return { statuses, firstEventMs, lastEventMs, encoded: histogram.encoded };
}

function mergeHeads(a: Head, b: Head): Head {
  return {
    statuses: mergeStatuses(a.statuses, b.statuses),
    firstEventMs: Math.min(a.firstEventMs, b.firstEventMs),
    lastEventMs: Math.max(a.lastEventMs, b.lastEventMs),
  };
}

function mergeStatuses(a: readonly StatusTotal[], b: readonly StatusTotal[]): StatusTotal[] {
  const byStatus = new Map(a.map((total) => [total.status, total]));
  for (const { status, requests, durationUs } of b) {
    const other = byStatus.get(status) ?? { requests: 0, durationUs: 0n };
    byStatus.set(status, {
      status,
      requests: requests + other.requests,
      durationUs: durationUs + other.durationUs,
    });
  }
  return [...byStatus.values()].sort((x, y) => x.status - y.status);
}

const writer = new VarintWriter();

/**
 * Encodes statistics, as varints: format version; first and last event time (ms, signed); the number of statuses, and
 * for each the difference to the one before, its requests and its summed µs; the number of buckets, then {@link
 * VarintWriter.histogram}. Equal statistics have equal bytes.
 */
export function encodeStatistics(statistics: DailyStatistics): Uint8Array {
  writer.byte(FORMAT_VERSION);
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
  const { buckets, counts, encoded } = statistics.histogram;
  writer.varint(buckets.length);
  if (encoded) writer.bytes(encoded);
  else writer.histogram(buckets, counts);
  return writer.take();
}

/** Reads what {@link encodeStatistics} wrote. @throws {DaymarkError} STORE_CORRUPT for anything else. */
export function decodeStatistics(bytes: Uint8Array): DailyStatistics {
  return mergeStatistics([bytes]);
}

function addEncoded(bytes: Uint8Array): Head {
  const reader = new VarintReader(bytes);
  const { statuses, firstEventMs, lastEventMs } = decodeHead(reader);
  const length = reader.varint();
  const from = reader.position;
  const timed = reader.histogram(length, sum);
  if (reader.position !== bytes.length) throw corrupt('it does not end where it should');
  assertConsistent(statuses, timed);
  return { statuses, firstEventMs, lastEventMs, encoded: bytes.subarray(from) };
}

/** Reads all that stands before the histogram. */
function decodeHead(reader: VarintReader): Head {
  const version = reader.byte();
  if (version !== FORMAT_VERSION) throw corrupt(`its format version is ${version}, not ${FORMAT_VERSION}`);
  const firstEventMs = reader.signedVarint();
  const lastEventMs = reader.signedVarint();
  return { statuses: decodeStatuses(reader), firstEventMs, lastEventMs };
}

/** A time has at most 8 bytes, a status 2, its requests 8 and its durations 19. */
const MAX_HEAD_BYTES = 1 + 2 * 8 + 2 + MAX_STATUSES * (2 + 8 + 19);

/**
 * How much of a state to read for {@link statusesOf}. `usual` is enough for about 25 statuses, `most` for all that
 * there are. A state can have tens of thousands of bytes.
 */
export const STATE_HEAD_BYTES = { usual: 256, most: MAX_HEAD_BYTES } as const;

/**
 * The statuses of a window, from the beginning of its encoded state. The histogram behind them is not checked.
 * @throws {DaymarkError} STORE_CORRUPT, also where the beginning is too short.
 */
export function statusesOf(head: Uint8Array): readonly StatusTotal[] {
  return decodeHead(new VarintReader(head)).statuses;
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
  const successes = statuses.filter(({ status }) => isSuccess(status));
  const requests = totalRequests(statuses);
  if (requests === 0) throw bug('statistics of no request');
  const successRequests = totalRequests(successes);
  return {
    successRequests,
    failedRequests: requests - successRequests,
    ...servedDurations(histogram, totalDurationUs(successes), totalDurationUs(statuses)),
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
