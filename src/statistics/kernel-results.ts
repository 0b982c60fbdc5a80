import type { Kernel } from '../kernel/kernel.ts';
import { exactHistogram } from './histogram.ts';
import type { Counted, Counts, StatusTotal } from './types.ts';

/**
 * The results of the kernel's last count. The histogram may be a view of the kernel's memory, and valid until its next
 * count.
 */
export function resultsOf(kernel: Kernel): Counted {
  const { MS_RESULT, MS_COUNTS_RESULT, ENCODED_MS, US_RESULT, US_COUNTS_RESULT, ENCODED_US } = kernel;
  const list = (values: number, counts: number, length: number, encoded: number, bytes: number): Counts => ({
    values: new Float64Array(kernel.buffer, values, length),
    counts: new Float64Array(kernel.buffer, counts, length),
    encoded: new Uint8Array(kernel.buffer, encoded, bytes),
  });
  const [ms, us] = [kernel.msResults.value, kernel.usResults.value];
  const [msBytes, usBytes] = [kernel.encodedMsBytes.value, kernel.encodedUsBytes.value];
  return {
    statuses: statusesOf(kernel),
    histogram: exactHistogram(
      list(MS_RESULT.value, MS_COUNTS_RESULT.value, ms, ENCODED_MS.value, msBytes),
      list(US_RESULT.value, US_COUNTS_RESULT.value, us, ENCODED_US.value, usBytes),
    ),
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
