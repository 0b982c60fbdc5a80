import { stringify } from 'csv-stringify/sync';
import { printable } from '../../printable.ts';

/**
 * Makes CSV with a header line. It escapes what is not printable. Anybody can write a spreadsheet formula into a log, so a
 * text that begins with `=`, `+`, `-`, `@` or their wide forms gets a `'` before it. Numbers stay numbers.
 */
export function csvOf<T extends object>(rows: readonly T[], columns: readonly (keyof T & string)[]): string {
  return stringify([...rows], {
    header: true,
    columns,
    escape_formulas: true,
    cast: { string: (text) => printable(text) },
  });
}
