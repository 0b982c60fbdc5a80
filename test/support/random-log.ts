import { durationText, isoTime } from './log-lines.ts';
import type { Request } from './oracle.ts';

/** Random numbers in [0, 1): mulberry32, by Tommy Ettinger. The same seed, the same numbers. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Shuffles in place (Fisher and Yates). */
export function shuffle<T>(values: T[], random: () => number): T[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j] as T, values[i] as T];
  }
  return values;
}

const STATUSES = [
  0, 200, 200, 200, 201, 204, 301, 304, 400, 401, 403, 404, 418, 429, 499, 500, 502, 503, 520, 100, 599,
];
const CUSTOMERS = ['é', '漢字', '😀', '\uffff', 'a\'b";drop/**/table--', '../%2F?x=1&y', 'x'.repeat(255)];
const END_MS = Date.UTC(2024, 9, 3);

interface Spread {
  /** How many customers there are. The first seven have odd ids. */
  readonly customers?: number;
  /** The hours of a day that have requests: the last ones. Each row of a window costs a test that reads all rows. */
  readonly hoursADay?: number;
}

/**
 * Requests over 20 days, in random time order, with all kinds of status codes. Half of the durations are
 * whole milliseconds up to an hour, half are microseconds of any size up to that.
 */
export function randomRequests(
  count: number,
  seed: number,
  { customers = 40, hoursADay = 24 }: Spread = {},
): Request[] {
  const random = randomNumbers(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const ids = [...CUSTOMERS, ...Array.from({ length: 33 }, (_, i) => `cust_${i + 1}`)].slice(0, customers);
  const secondsADay = hoursADay * 3_600;
  const secondBefore = (): number => {
    const second = Math.floor(random() * 20 * secondsADay);
    return 1 + Math.floor(second / secondsADay) * 86_400 + (second % secondsADay);
  };
  return Array.from({ length: count }, () => ({
    eventTimeMs: END_MS - secondBefore() * 1000,
    customerId: pick(ids),
    status: random() < 0.7 ? pick(STATUSES) : 100 + Math.floor(random() * 500),
    durationUs:
      random() < 0.5
        ? 1_000 * Math.floor(random() * 3_600_000)
        : Math.floor(10 ** (random() * Math.log10(3.6e9))),
  }));
}

/** The path of a request: one of few, or with a number that hardly any other has. */
function pathOf({ eventTimeMs }: Request): string {
  const second = Math.floor(eventTimeMs / 1000);
  return second % 3 === 0 ? `/api/v1/orders/${second}/items?page=2` : `/api/v1/resource${second % 3}`;
}

/** A line of the default format. */
export function lineOf(request: Request): string {
  const { eventTimeMs, customerId, status, durationUs } = request;
  return `${isoTime(eventTimeMs)} ${customerId} ${pathOf(request)} ${status} ${durationText(durationUs, 3)}`;
}
