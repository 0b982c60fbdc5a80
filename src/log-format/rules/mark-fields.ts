/** Marks fields of a format, so that the parser and the kernel hand them over by a number. */

import type { FieldElement, LogFormat } from '../format.ts';
import { pathOf } from '../format-string/mapping.ts';

/** @param slots the numbers of fields: by their place in a pattern, elsewhere by their name. */
export function markFields(format: LogFormat, slots: ReadonlyMap<number | string, number>): LogFormat {
  const entries = [...slots];
  switch (format.layout) {
    case 'pattern': {
      const elements = format.elements.map((each, at) => {
        const slot = slots.get(at);
        return typeof each === 'string' || slot === undefined ? each : { ...each, slot };
      });
      return { ...format, elements };
    }
    case 'json':
      return { ...format, fields: fieldsWith(format.fields, entries, (name) => ({ path: pathOf(name) })) };
    case 'logfmt':
      return { ...format, fields: fieldsWith(format.fields, entries, (key) => ({ key })) };
    case 'ltsv':
      return { ...format, fields: fieldsWith(format.fields, entries, (key) => ({ key })) };
    case 'w3c':
      return {
        ...format,
        fields: fieldsWith(format.fields, entries, (column) => ({ column, mayBeAbsent: true })),
      };
    case 'delimited':
      return { ...format, fields: fieldsWith(format.fields, entries, (column) => ({ column })) };
  }
}

/** Marks the fields with these names, and adds those that no record needs. */
function fieldsWith<T extends object>(
  fields: readonly (FieldElement & T)[],
  entries: readonly (readonly [field: number | string, slot: number])[],
  place: (name: string) => T,
): (FieldElement & T)[] {
  const marked = [...fields];
  for (const [field, slot] of entries) {
    const name = `${field}`;
    const at = marked.findIndex((each) => each.name === name);
    if (at >= 0) marked[at] = { ...marked[at], slot } as FieldElement & T;
    else marked.push({ field: { role: 'skip' }, name, isOptional: true, slot, ...place(name) });
  }
  return marked;
}
