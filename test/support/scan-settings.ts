import { resolveLogFormat } from '../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import type { ScanSettings } from '../../src/log-format/types.ts';
import { UTC } from '../../src/window/zone.ts';

/** How lines are understood in a format, as LOG_FORMAT and CUSTOMER_ID say it; times without an offset are UTC. */
export function scanSettings(
  logFormat: string,
  customerId?: string,
  missingCustomerId?: string,
): ScanSettings {
  const format = resolveLogFormat(parseLogFormat(logFormat), customerId);
  return { format, logZone: UTC, missingCustomerId };
}
