import type { W3cFormat } from '../format.ts';
import type { HeaderColumns, RejectionReason } from '../types.ts';
import { columnsInHeader, EMPTY_HEADER, isW3cHeader } from '../w3c-header.ts';
import { bytesOf, byteText, matchAt, utf8Text } from './byte-text.ts';
import { inOrder, judge } from './keyed.ts';
import type { LineReader } from './line-reader.ts';
import type { RecordReader } from './record-reader.ts';
import { MISSING, textValue, type Value } from './value.ts';

type Delimiter = ' ' | '\t';

/** A text in quotes, with two for one in it, up to the end of its cell. */
const QUOTED: Readonly<Record<Delimiter, RegExp>> = {
  ' ': /"((?:[^"]|"")*)"(?= |$)/y,
  '\t': /"((?:[^"]|"")*)"(?=\t|$)/y,
};

/** Where the fields of the format stand in the lines below a header. */
interface Header {
  readonly names: readonly string[];
  /** True where more cells may follow those that the format needs. */
  readonly isOpenEnded: boolean;
  /** The column of each field; -1 where there is none and none is needed. */
  readonly places: readonly number[];
}

/**
 * Reads lines of the W3C's extended log format. A line that begins with `#` is no request. One that is not as long as
 * the header says is rejected.
 */
export function w3cReader(format: W3cFormat, reader: RecordReader): LineReader {
  const fields = inOrder(format.fields);
  /** Undefined where the columns of the next line are unknown, or are not those that the format needs. */
  let header: Header | undefined;
  let columns: HeaderColumns | undefined;

  function obey(names: readonly string[] | undefined, isOpenEnded: boolean): void {
    header = names && headerOf(names, isOpenEnded);
    columns = undefined;
  }

  function headerOf(names: readonly string[], isOpenEnded: boolean): Header | undefined {
    const places = fields.map(({ column }) => names.indexOf(utf8Text(column)));
    const isKnown = fields.every((field, i) =>
      places[i] < 0
        ? !isNeeded(field, format)
        : // A column with two places could be read from the wrong one.
          places[i] === names.lastIndexOf(utf8Text(field.column)),
    );
    return isKnown ? { names, isOpenEnded, places } : undefined;
  }

  function startPartition(head: Uint8Array): void {
    const newline = head.indexOf(0x0a);
    const names = columnsInHeader(byteText(head, 0, newline < 0 ? head.length : newline));
    if (names) obey(names, false);
    else obey(format.columns?.map(utf8Text), true);
  }

  function valuesOf(line: string, { names, isOpenEnded, places }: Header): Value[] | undefined {
    const delimiter = line.includes('\t') ? '\t' : ' ';
    const cells = cellsOf(line, delimiter);
    const isFitting = isOpenEnded ? cells.length > Math.max(...places) : cells.length === names.length;
    if (!isFitting) return undefined;
    columns ??= { names: names.map(textOf), delimiter, isOpenEnded };
    return places.map((place) => (place < 0 ? MISSING : textValue(cells[place], format.escapes)));
  }

  function read(line: string): RejectionReason | undefined {
    if (line.startsWith('#')) {
      const names = columnsInHeader(line);
      if (names) obey(names, false);
      return 'header_line';
    }
    return header ? judge(reader, fields, valuesOf(line, header)) : 'unknown_columns';
  }

  return {
    startPartition,
    read,
    passLongLine: (beginning) => {
      if (isW3cHeader(beginning)) obey(columnsInHeader(EMPTY_HEADER), false);
    },
    get columns() {
      return columns;
    },
  };
}

function textOf(name: string): string {
  return bytesOf(name).toString();
}

/** True where no line can be read without the column. A path is needed where it holds the customer. */
function isNeeded({ field, mayBeAbsent }: W3cFormat['fields'][number], format: W3cFormat): boolean {
  const isPath = field.role === 'request_path' || field.role === 'request';
  return !mayBeAbsent || (isPath && format.customerPath !== undefined);
}

/** The cells of a line. Spaces at the end of a line whose cells they separate are passed over. */
function cellsOf(line: string, delimiter: Delimiter): string[] {
  const text = delimiter === ' ' ? line.replace(/ +$/, '') : line;
  const cells: string[] = [];
  for (let at = 0; at <= text.length; at++) {
    const quoted = matchAt(QUOTED[delimiter], text, at);
    const end = quoted ? at + quoted[0].length : cellEnd(text, at, delimiter);
    cells.push(quoted ? quoted[1].replaceAll('""', '"') : text.slice(at, end));
    at = end;
  }
  return cells;
}

function cellEnd(line: string, from: number, delimiter: Delimiter): number {
  const end = line.indexOf(delimiter, from);
  return end < 0 ? line.length : end;
}
