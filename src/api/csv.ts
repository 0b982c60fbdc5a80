import { stringify } from 'csv-stringify/sync';

/**
 * Makes lines of CSV. Anybody can write a spreadsheet formula into a log, so a text that begins with `=`, `+`, `-`, `@` or
 * their wide forms gets a `'` before it. Numbers stay numbers. What is null is an empty cell.
 * @param header whether the names of the columns come first.
 * @param asCell makes a cell of a text; by default the text itself.
 */
export function csvOf<T extends object>(
  rows: readonly T[],
  columns: readonly (keyof T & string)[],
  { header = true, asCell = (text: string): string => text } = {},
): string {
  return stringify([...rows], { header, columns, escape_formulas: true, cast: { string: asCell } });
}
