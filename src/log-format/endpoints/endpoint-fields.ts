/** Finds the fields of a format that hold the method and the path. */

import { elementsOf } from '../customer-places.ts';
import type { LogFormat } from '../format.ts';
import { markFields } from '../rules/mark-fields.ts';
import { fieldOfWord, type PartField } from '../rules/part-fields.ts';
import type { EndpointFields, PartOfField } from './types.ts';

/** A format with marks on the fields of its endpoints. */
export interface FormatWithEndpoints {
  readonly format: LogFormat;
  /** Undefined where lines have no path, and so no endpoint. */
  readonly fields: EndpointFields | undefined;
}

/** @param format with the marks of rules, if there are any. */
export function withEndpointFields(format: LogFormat): FormatWithEndpoints {
  const path = fieldOfWord(format, 'path');
  if (!path) return { format, fields: undefined };
  const method = fieldOfWord(format, 'method');
  const slots = new Map<number | string, number>();
  const used = elementsOf(format).map(({ slot = -1 }) => slot);
  let next = Math.max(-1, ...used) + 1;
  const slotOf = ({ field, part }: PartField): PartOfField => {
    const slot = slots.get(field) ?? markedSlot(format, field) ?? next++;
    slots.set(field, slot);
    return { slot, part };
  };
  const fields = { method: method && slotOf(method), path: slotOf(path) };
  return { format: markFields(format, slots), fields };
}

function markedSlot(format: LogFormat, field: number | string): number | undefined {
  if (format.layout !== 'pattern') return format.fields.find(({ name }) => name === field)?.slot;
  const element = format.elements[field as number];
  return typeof element === 'object' ? element.slot : undefined;
}
