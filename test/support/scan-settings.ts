import { resolveLogFormat } from '../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import type { ScanSettings } from '../../src/log-format/types.ts';
import type { ZoneTable } from '../../src/window/types.ts';

export const UTC: ZoneTable = {
  name: 'UTC',
  fromMs: Float64Array.of(Number.NEGATIVE_INFINITY),
  offsetMs: Float64Array.of(0),
};

/** How lines are understood in a format, as LOG_FORMAT and CUSTOMER_ID say it; times without an offset are UTC. */
export function scanSettings(
  logFormat: string,
  customerId?: string,
  missingCustomerId?: string,
): ScanSettings {
  const format = resolveLogFormat(parseLogFormat(logFormat), customerId);
  return { format, logZone: UTC, missingCustomerId };
}
