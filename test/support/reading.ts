import type { LogFormat } from '../../src/log-format/format.ts';
import { referenceParser } from '../../src/log-format/reference/reference-parser.ts';
import type {
  EXCLUDED,
  LineParser,
  ParsedLine,
  RejectionReason,
  ScanSettings,
} from '../../src/log-format/types.ts';
import type { ZoneTable } from '../../src/window/types.ts';
import { headOf } from './formats.ts';
import type { ScannedRecord } from './scanning.ts';

const UTC: ZoneTable = {
  name: 'UTC',
  fromMs: new Float64Array([-Infinity]),
  offsetMs: new Float64Array([0]),
};

export function settingsOf(format: LogFormat, others: Partial<ScanSettings> = {}): ScanSettings {
  return { format, logZone: UTC, missingCustomerId: undefined, ...others };
}

/** What a parser says of a line: the record, or why it is none. */
export function read(
  parser: LineParser,
  line: Uint8Array,
): ScannedRecord | RejectionReason | typeof EXCLUDED {
  const parsed: ParsedLine = { eventTimeMs: 0, customerId: new Uint8Array(), status: 0, durationUs: 0 };
  const reason = parser.parse(line, 0, line.length, parsed);
  return reason ?? { ...parsed, customerId: Buffer.from(parsed.customerId).toString('utf8') };
}

/** Reads lines of a format by the reference parser. */
export function readerOf(
  format: LogFormat,
  others: Partial<ScanSettings> = {},
): (line: string | Uint8Array) => ScannedRecord | RejectionReason | typeof EXCLUDED {
  const parser = referenceParser(settingsOf(format, others));
  parser.startPartition(headOf(format));
  return (line) => read(parser, typeof line === 'string' ? Buffer.from(line) : line);
}
