import type { Field, FieldElement, PatternFormat } from '../../src/log-format/format.ts';

/** An element of a format that must have a value. */
export function must(field: Field): FieldElement {
  return { field, name: field.role, isOptional: false };
}

/** An element of a format that may have none. */
export function may(field: Field): FieldElement {
  return { field, name: field.role, isOptional: true };
}

export const SKIP = must({ role: 'skip' });
export const STATUS = must({ role: 'status' });
export const CUSTOMER_ID = must({ role: 'customer_id' });

/** `2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316` */
export const DEFAULT_FORMAT: PatternFormat = {
  layout: 'pattern',
  escapes: 'none',
  isOpenEnded: false,
  elements: [
    must({ role: 'timestamp', kind: 'datetime' }),
    ' ',
    CUSTOMER_ID,
    ' ',
    must({ role: 'request_path' }),
    ' ',
    STATUS,
    ' ',
    must({ role: 'duration', unit: 's' }),
  ],
};
