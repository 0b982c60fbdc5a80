import { bug } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { MAX_STATUSES } from './daily-statistics.ts';
import { EXACT, type Level, MAX_OTHERS } from './duration-levels.ts';
import type { Counted, Counts, StatusTotal } from './types.ts';

/** The kernel cannot import `duration-levels.ts`. Call this before counting with a kernel. */
export function assertSameLevels({ MAX_EXACT_OTHERS, MAX_FIVE_DIGIT_OTHERS }: LevelBounds): void {
  if (MAX_EXACT_OTHERS.value !== MAX_OTHERS[0] || MAX_FIVE_DIGIT_OTHERS.value !== MAX_OTHERS[1])
    throw bug('the kernel has other bounds of levels than duration-levels.ts');
}

type LevelBounds = Pick<Kernel, 'MAX_EXACT_OTHERS' | 'MAX_FIVE_DIGIT_OTHERS'>;

const NO_COUNTS: Required<Counts> = {
  values: new Float64Array(),
  counts: new Float64Array(),
  encoded: new Uint8Array(),
};

/**
 * The results of the kernel's last count. The histogram may be a view of the kernel's memory, and valid until its next
 * count.
 */
export function resultsOf(kernel: Kernel): Counted {
  const { MS_RESULT, MS_COUNTS_RESULT, ENCODED_MS, US_RESULT, US_COUNTS_RESULT, ENCODED_US } = kernel;
  const list = (
    values: number,
    counts: number,
    length: number,
    encoded: number,
    bytes: number,
  ): Required<Counts> => ({
    values: new Float64Array(kernel.buffer, values, length),
    counts: new Float64Array(kernel.buffer, counts, length),
    encoded: new Uint8Array(kernel.buffer, encoded, bytes),
  });
  const [ms, us] = [kernel.msResults.value, kernel.usResults.value];
  const [msBytes, usBytes] = [kernel.encodedMsBytes.value, kernel.encodedUsBytes.value];
  const level = kernel.resultLevel.value as Level;
  const { values, counts, encoded } =
    us === 0 ? NO_COUNTS : list(US_RESULT.value, US_COUNTS_RESULT.value, us, ENCODED_US.value, usBytes);
  return {
    statuses: statusesOf(kernel),
    histogram: {
      level,
      milliseconds: list(MS_RESULT.value, MS_COUNTS_RESULT.value, ms, ENCODED_MS.value, msBytes),
      // At other levels, a state has their numbers.
      others: level === EXACT ? { values, counts, encoded } : { values, counts },
    },
  };
}

function statusesOf(kernel: Kernel): StatusTotal[] {
  const { statuses, requests, durationsUs } = statusViewsOf(kernel);
  const length = kernel.statusResults.value;
  const totals: StatusTotal[] = [];
  for (let i = 0; i < length; i++)
    totals.push({ status: statuses[i], requests: requests[i], durationUs: durationsUs[i] });
  return totals;
}

interface StatusViews {
  readonly statuses: Float64Array;
  readonly requests: Float64Array;
  readonly durationsUs: BigUint64Array;
}

const statusViews = new WeakMap<Kernel, StatusViews>();

/** The views are made once, because to make them takes longer than to read the few statuses of a window. */
function statusViewsOf(kernel: Kernel): StatusViews {
  let views = statusViews.get(kernel);
  if (!views) {
    const { buffer, STATUS_RESULT, REQUESTS_RESULT, DURATION_RESULT } = kernel;
    views = {
      statuses: new Float64Array(buffer, STATUS_RESULT.value, MAX_STATUSES),
      requests: new Float64Array(buffer, REQUESTS_RESULT.value, MAX_STATUSES),
      durationsUs: new BigUint64Array(buffer, DURATION_RESULT.value, MAX_STATUSES),
    };
    statusViews.set(kernel, views);
  }
  return views;
}
