import type { Settings } from '../config/settings.ts';
import { DaymarkError } from '../errors.ts';
import { MAX_CUSTOMER_ID_BYTES } from '../limits.ts';
import { resolveLogFormat } from '../log-format/format-string/customer.ts';
import { parseLogFormat } from '../log-format/format-string/parse.ts';
import type { ScanSettings } from '../log-format/types.ts';

/**
 * How the settings say that lines are to be understood.
 * @throws {DaymarkError} INVALID_LOG_FORMAT, INVALID_SETTING.
 */
export function scanSettingsOf(settings: Settings): ScanSettings {
  const { LOG_FORMAT: format = 'default', CUSTOMER_ID: customerId } = settings;
  return { format: resolveLogFormat(parseLogFormat(format), customerId), ...partsOf(settings) };
}

/** What the settings say beside the format. @throws {DaymarkError} INVALID_SETTING. */
export function partsOf({ MISSING_CUSTOMER_ID: id }: Settings): Omit<ScanSettings, 'format'> {
  if (id !== undefined && (Buffer.byteLength(id) > MAX_CUSTOMER_ID_BYTES || /[\p{Cc}\p{Cs}]/u.test(id))) {
    const detail = `MISSING_CUSTOMER_ID is ${JSON.stringify(id)}, but must be a customer id: at most ${MAX_CUSTOMER_ID_BYTES} bytes without control characters.`;
    throw new DaymarkError('INVALID_SETTING', detail);
  }
  const utc = {
    name: 'UTC',
    fromMs: Float64Array.of(Number.NEGATIVE_INFINITY),
    offsetMs: Float64Array.of(0),
  };
  return { logZone: utc, missingCustomerId: id };
}
