/**
 * The reference parser: it says what a line of any format means, in plain code, a line at a time. What reads the
 * same lines faster is tested against it.
 */

import { MAX_LINE_BYTES } from '../../limits.ts';
import type { LineParser, ScanSettings } from '../types.ts';
import { byteText } from './byte-text.ts';
import { delimitedLayout } from './delimited.ts';
import { jsonLayout } from './json.ts';
import type { Layout } from './layout.ts';
import { logfmtLayout } from './logfmt.ts';
import { patternLayout } from './pattern.ts';
import { RecordReader } from './record-reader.ts';

/**
 * @throws INVALID_SETTING where the format's `customerPath` is no path template; {@link LineParser.startPartition}
 * throws HEADER_MISSING where a `delimited` format's columns are not all named.
 */
export function referenceParser(settings: ScanSettings): LineParser {
  const reader = new RecordReader(settings);
  const layout = layoutOf(settings, reader);
  return {
    startPartition: (head) => layout.startPartition?.(head),
    parse(bytes, start, end, parsed) {
      if (end === start) return 'empty_line';
      if (end - start > MAX_LINE_BYTES) return 'line_too_long';
      reader.begin(parsed);
      const reason = layout.read(byteText(bytes, start, end));
      if (!reason) reader.end();
      return reason;
    },
  };
}

function layoutOf({ format }: ScanSettings, reader: RecordReader): Layout {
  switch (format.layout) {
    case 'pattern':
      return patternLayout(format, reader);
    case 'json':
      return jsonLayout(format, reader);
    case 'logfmt':
      return logfmtLayout(format, reader);
    case 'delimited':
      return delimitedLayout(format, reader);
  }
}
