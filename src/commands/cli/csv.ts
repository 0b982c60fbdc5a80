import { csvOf } from '../../api/csv.ts';
import { printable } from '../../printable.ts';

/** CSV for a terminal: like that of the API, but what is not printable is escaped. */
export function printableCsvOf<T extends object>(
  rows: readonly T[],
  columns: readonly (keyof T & string)[],
): string {
  return csvOf(rows, columns, { asCell: (text) => printable(text) });
}
