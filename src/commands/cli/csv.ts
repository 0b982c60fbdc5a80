import { stringify } from 'csv-stringify/sync';
import { printable } from '../../printable.ts';

/**
 * CSV with a header line. What is not printable is escaped, and a text that a spreadsheet would take for a formula
 * (`=`, `+`, `-`, `@` and their wide forms) begins with `'`: anybody can write one into a log. Numbers stay numbers.
 */
export function csvOf<T extends object>(rows: readonly T[], columns: readonly (keyof T & string)[]): string {
  return stringify([...rows], {
    header: true,
    columns,
    escape_formulas: true,
    cast: { string: (text) => printable(text) },
  });
}
