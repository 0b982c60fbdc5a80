import { bug } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { BUCKET_COUNT } from './duration-buckets.ts';
import type { DailyStatistics, StatusTotal } from './types.ts';

/** What a kernel counts: all statistics but the event times. */
export type Counted = Pick<DailyStatistics, 'statuses' | 'histogram'>;

/** The kernel cannot import `duration-buckets.ts`. Call this before counting with a kernel. */
export function assertSameBuckets({ BUCKETS }: Pick<Kernel, 'BUCKETS'>): void {
  if (BUCKETS.value !== BUCKET_COUNT)
    throw bug(`the kernel has ${BUCKETS.value} buckets, and duration-buckets.ts has ${BUCKET_COUNT}`);
}

/**
 * The results of the kernel's last count. The histogram is a view of the kernel's memory, and valid until its next
 * count.
 */
export function resultsOf(kernel: Kernel): Counted {
  const { buffer } = kernel;
  const used = kernel.bucketResults.value;
  return {
    statuses: statusesOf(kernel),
    histogram: {
      buckets: new Int32Array(buffer, kernel.BUCKET_RESULT.value, used),
      counts: new Float64Array(buffer, kernel.COUNT_RESULT.value, used),
      encoded: new Uint8Array(buffer, kernel.ENCODED_RESULT.value, kernel.encodedBytes.value),
    },
  };
}

function statusesOf(kernel: Kernel): StatusTotal[] {
  const { buffer } = kernel;
  const length = kernel.statusResults.value;
  const statuses = new Float64Array(buffer, kernel.STATUS_RESULT.value, length);
  const requests = new Float64Array(buffer, kernel.REQUESTS_RESULT.value, length);
  const durationsUs = new BigUint64Array(buffer, kernel.DURATION_RESULT.value, length);
  return Array.from(statuses, (status, i) => ({
    status,
    requests: requests[i],
    durationUs: durationsUs[i],
  }));
}
