import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_CUSTOMER_ID_BYTES } from '../../limits.ts';
import type { LogFormat } from '../../log-format/format.ts';
import { resolveLogFormat } from '../../log-format/format-string/customer.ts';
import { parseLogFormat } from '../../log-format/format-string/parse.ts';
import { withRules } from '../../log-format/rules/with-rules.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import { LOG_WRAPPERS } from '../../log-format/wrapper/types.ts';
import { canBeWrapped } from '../../log-format/wrapper/unwrap.ts';
import { readCustomersFile } from './customers-file.ts';
import { endpointSettingsOf } from './endpoints-file.ts';
import { zoneTableOf } from './zones.ts';

/**
 * How to understand lines, by the settings.
 * @throws {DaymarkError} INVALID_LOG_FORMAT, INVALID_SETTING.
 */
export async function scanSettingsOf(settings: Settings): Promise<ScanSettings> {
  const { LOG_FORMAT: text = 'default', CUSTOMER_ID: customerId } = settings;
  return scanSettingsWith(resolveLogFormat(parseLogFormat(text), customerId), settings);
}

/** The same for lines of this format. @throws {DaymarkError} INVALID_SETTING. */
export async function scanSettingsWith(format: LogFormat, settings: Settings): Promise<ScanSettings> {
  const { EXCLUDE: exclude, INCLUDE: include } = settings;
  const parts = await partsOf(settings);
  if (parts.wrapper !== undefined && !canBeWrapped(format)) {
    const detail = `LOG_WRAPPER is ${parts.wrapper}, but the header of a W3C extended log cannot be found in wrapped lines.`;
    throw new DaymarkError('INVALID_SETTING', detail);
  }
  return { ...withRules(format, { exclude, include }), ...parts };
}

/** The settings of lines beside the format. @throws {DaymarkError} INVALID_SETTING, INVALID_ENDPOINTS. */
export async function partsOf(settings: Settings): Promise<Omit<ScanSettings, 'format' | 'rules'>> {
  const { MISSING_CUSTOMER_ID: id, CUSTOMERS_FILE: file } = settings;
  if (id !== undefined && (Buffer.byteLength(id) > MAX_CUSTOMER_ID_BYTES || /[\p{Cc}\p{Cs}]/u.test(id))) {
    const detail = `MISSING_CUSTOMER_ID is ${JSON.stringify(id)}, but must be a customer id: at most ${MAX_CUSTOMER_ID_BYTES} bytes without control characters.`;
    throw new DaymarkError('INVALID_SETTING', detail);
  }
  const { LOG_WRAPPER } = settings;
  return {
    logZone: await zoneTableOf(settings.LOG_TIME_ZONE),
    missingCustomerId: id,
    wrapper: LOG_WRAPPERS.find((each) => each === LOG_WRAPPER),
    endpoints: await endpointSettingsOf(settings.ENDPOINTS),
    ...(file === undefined ? {} : { aliases: readCustomersFile(file).aliases }),
  };
}
