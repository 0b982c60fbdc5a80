import { type FieldElement, NEEDED_ROLES } from '../format.ts';
import type { RejectionReason } from '../types.ts';
import type { RecordReader } from './record-reader.ts';
import type { Value } from './value.ts';

/**
 * The fields that a record needs, in the order of {@link NEEDED_ROLES}: fields with names have no order of their own.
 * Those that only rules look at stand behind them.
 */
export function inOrder<E extends FieldElement>(fields: readonly E[]): E[] {
  return [...NEEDED_ROLES, 'skip'].flatMap((role) => fields.filter(({ field }) => field.role === role));
}

/** Judges the values of a line. @param values one for each field; undefined where the line could not be taken apart. */
export function judge(
  reader: RecordReader,
  fields: readonly FieldElement[],
  values: readonly Value[] | undefined,
): RejectionReason | undefined {
  if (!values) return 'malformed_line';
  for (const [i, field] of fields.entries()) {
    const reason = reader.value(field, values[i]);
    if (reason) return reason;
  }
  return undefined;
}
