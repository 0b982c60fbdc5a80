import { bug, DaymarkError } from '../../errors.ts';
import type { DelimitedFormat } from '../format.ts';
import { byteText, matchAt, utf8Text } from './byte-text.ts';
import { inOrder, judge } from './keyed.ts';
import type { LineReader } from './line-reader.ts';
import type { RecordReader } from './record-reader.ts';
import { textValue, type Value } from './value.ts';

/** Two quotes stand for one (RFC 4180, section 2.7). */
const QUOTED = /"((?:[^"]|"")*)"/y;
const BYTE_ORDER_MARK = utf8Text('\ufeff');

/** Reads CSV (RFC 4180) and the like. A line must have as many columns as the first line names. */
export function delimitedReader(format: DelimitedFormat, reader: RecordReader): LineReader {
  const fields = inOrder(format.fields);
  let header: { readonly columns: number; readonly places: readonly number[] } | undefined;

  /** @throws HEADER_MISSING where the first line lacks a column of the format. */
  function startPartition(head: Uint8Array): void {
    const names = cellsOf(firstLine(head), format.delimiter) ?? [];
    const places = fields.map(({ column }) => names.lastIndexOf(utf8Text(column)));
    const missing = fields.filter((_, i) => places[i] < 0).map(({ column }) => `"${column}"`);
    if (missing.length > 0)
      throw new DaymarkError('HEADER_MISSING', `The first line does not name ${missing.join(', ')}.`);
    header = { columns: names.length, places };
  }

  function valuesOf(line: string): Value[] | undefined {
    if (!header) throw bug('a line was read before the names of its columns');
    const cells = cellsOf(line, format.delimiter);
    if (cells?.length !== header.columns) return undefined;
    return header.places.map((place) => textValue(cells[place], format.escapes));
  }
  return { startPartition, read: (line) => judge(reader, fields, valuesOf(line)) };
}

/** The names of the columns in the first line. Empty where it cannot be read. */
export function columnsOf(head: Uint8Array, delimiter: string): string[] {
  const names = cellsOf(firstLine(head), delimiter) ?? [];
  return names.map((name) => Buffer.from(name, 'latin1').toString());
}

/** The cells of a line of byte text. Undefined where a quote is not closed, or something follows a closing quote. */
export function cellsOf(line: string, delimiter: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; ; at++) {
    const quoted = matchAt(QUOTED, line, at);
    const end = quoted ? at + quoted[0].length : bareEnd(line, at, delimiter);
    cells.push(quoted ? quoted[1].replaceAll('""', '"') : line.slice(at, end));
    if (!quoted && line[at] === '"') return undefined;
    if (end === line.length) return cells;
    if (line[end] !== delimiter) return undefined;
    at = end;
  }
}

function bareEnd(line: string, from: number, delimiter: string): number {
  const end = line.indexOf(delimiter, from);
  return end < 0 ? line.length : end;
}

/** Removes LF or CR LF, and the byte order mark that some programs write before UTF-8. */
function firstLine(head: Uint8Array): string {
  const newline = head.indexOf(0x0a);
  const line = byteText(head, 0, newline < 0 ? head.length : newline).replace(/\r$/, '');
  return line.startsWith(BYTE_ORDER_MARK) ? line.slice(BYTE_ORDER_MARK.length) : line;
}
