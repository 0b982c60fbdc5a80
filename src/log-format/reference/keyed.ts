import type { Field, FieldElement } from '../format.ts';
import type { RejectionReason } from '../types.ts';
import type { RecordReader } from './record-reader.ts';
import type { Value } from './value.ts';

/** Fields that have names have no order of their own: they are judged in this one. */
const ORDER: readonly Field['role'][] = [
  'timestamp',
  'customer_id',
  'request_path',
  'request',
  'status',
  'duration',
];

/** The fields of a format that are wanted, in the order in which they are judged. */
export function inOrder<E extends FieldElement>(fields: readonly E[]): E[] {
  return ORDER.flatMap((role) => fields.filter(({ field }) => field.role === role));
}

/** Judges one value for each field; undefined: the line could not be taken apart. */
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
