/**
 * The reference parser defines what a line of any format means, in plain code. Faster ways to read lines are tested
 * against it.
 */

import { MAX_LINE_BYTES } from '../../limits.ts';
import { withEndpointFields } from '../endpoints/endpoint-fields.ts';
import type { LineParser, ScanSettings } from '../types.ts';
import { HEADER_MARK_BYTES } from '../w3c-header.ts';
import { byteText } from './byte-text.ts';
import { delimitedReader } from './delimited.ts';
import { jsonReader } from './json.ts';
import type { LineReader } from './line-reader.ts';
import { logfmtReader } from './logfmt.ts';
import { ltsvReader } from './ltsv.ts';
import { patternReader } from './pattern-reader.ts';
import { RecordReader } from './record-reader.ts';
import { w3cReader } from './w3c.ts';

/**
 * Makes the parser of a format. Its `startPartition` throws HEADER_MISSING where the first line of a `delimited`
 * partition lacks a column.
 * @throws INVALID_SETTING where the format's `customerPath` is no path template.
 */
export function referenceParser(unmarked: ScanSettings): LineParser {
  const { format, fields } = unmarked.endpoints
    ? withEndpointFields(unmarked.format)
    : { ...unmarked, fields: undefined };
  const settings = { ...unmarked, format };
  const reader = new RecordReader(settings, fields);
  const lines = lineReaderOf(settings, reader);
  return {
    startPartition: (head) => lines.startPartition?.(head),
    get columns() {
      return lines.columns;
    },
    passLongLine: (beginning) => lines.passLongLine?.(byteText(beginning, 0, beginning.length)),
    parse(bytes, start, end, parsed) {
      if (end === start) return 'empty_line';
      if (end - start > MAX_LINE_BYTES) {
        this.passLongLine(bytes.subarray(start, start + HEADER_MARK_BYTES));
        return 'line_too_long';
      }
      reader.begin(parsed);
      return reader.end(lines.read(byteText(bytes, start, end)));
    },
  };
}

function lineReaderOf({ format }: ScanSettings, reader: RecordReader): LineReader {
  switch (format.layout) {
    case 'pattern':
      return patternReader(format, reader);
    case 'json':
      return jsonReader(format, reader);
    case 'logfmt':
      return logfmtReader(format, reader);
    case 'ltsv':
      return ltsvReader(format, reader);
    case 'w3c':
      return w3cReader(format, reader);
    case 'delimited':
      return delimitedReader(format, reader);
  }
}
