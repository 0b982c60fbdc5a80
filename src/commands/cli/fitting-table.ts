import { table } from './report.ts';

/** A column of a table that may have to do without it. */
export interface Column<Row> {
  readonly header: string;
  cell(row: Row): string;
  /** Where the table is too wide, the columns with the highest numbers are left out first. 0: never. */
  readonly rank: number;
}

/** A table with as many of the columns as fit. @param width in characters; Infinity: all columns. */
export function fittingTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
): string {
  const text = table([
    columns.map(({ header }) => header),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ]);
  const widest = text.split('\n').reduce((most, line) => Math.max(most, line.length), 0);
  const last = columns.reduce((most, { rank }) => Math.max(most, rank), 0);
  if (widest <= width || last === 0) return text;
  return fittingTable(
    rows,
    columns.filter(({ rank }) => rank < last),
    width,
  );
}

/**
 * The width of the terminal. Where standard output is none, it is what the variable `COLUMNS` says, as for other programs, and
 * Infinity without it.
 */
export function terminalWidth(): number {
  if (process.stdout.isTTY) return process.stdout.columns;
  const columns = process.env.COLUMNS ?? '';
  return /^[1-9]\d{0,5}$/.test(columns) ? Number(columns) : Infinity;
}
