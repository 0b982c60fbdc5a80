import { printable } from '../../printable.ts';
import { cut, cutStart, pad, widthOf } from './text-width.ts';

/** A column of a table that fits a width. */
interface FittedColumn<Row> {
  readonly header: string;
  cell(row: Row): string;
  /** If the table is too wide, the columns with the highest numbers are left out first. 0: never. */
  readonly rank: number;
}

/** The first column is text, and is cut where that is enough to fit. */
export interface FittedTable<Row> {
  readonly columns: readonly FittedColumn<Row>[];
  readonly rows: readonly Row[];
  /** Which end of the first column stays. */
  readonly keeps: 'beginning' | 'end';
}

const GAP = '  ';
/** The first column is not cut below this. */
const LEAST_TEXT = 14;

/** Lines of at most `width` columns, the headers first. What is not printable is escaped. */
export function fittedTable<Row>({ columns, rows, keeps }: FittedTable<Row>, width: number): string[] {
  const cells = rows.map((row) => columns.map(({ cell }) => printable(cell(row))));
  const all = [columns.map(({ header }) => header), ...cells];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => widthOf(row[at] ?? ''))));
  const others = widths.slice(1).reduce((sum, one) => sum + one + GAP.length, 0);
  const text = Math.min(widths[0] ?? 0, Math.max(width - others, Math.min(width, LEAST_TEXT)));
  const last = Math.max(...columns.map(({ rank }) => rank));
  if (text + others > width && last > 0) {
    return fittedTable({ columns: columns.filter(({ rank }) => rank < last), rows, keeps }, width);
  }
  const short = keeps === 'end' ? cutStart : cut;
  return all.map(([first = '', ...rest]) => {
    const numbers = rest.map((cell, at) => GAP + pad(cell, widths[at + 1] ?? 0, 'left'));
    return cut((pad(short(first, text), text, 'right') + numbers.join('')).trimEnd(), width);
  });
}
