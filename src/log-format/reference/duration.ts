import type { FieldElement } from '../format.ts';
import { matchAt, utf8Text } from './byte-text.ts';
import { type Decimal, type Read, readDecimal, shifted, sum } from './decimal.ts';
import { readDurationText } from './duration-text.ts';

/** How many decimal places to move the point to get microseconds. */
const PLACES = { s: 6, ms: 3, us: 0, ns: -3 } as const;

/** https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_response_time */
const SEPARATOR = / *[,:] */y;

/** A field of the role `duration`. */
export type DurationElement = FieldElement & { readonly field: { readonly role: 'duration' } };

/**
 * Reads a duration at `from`, exact, in microseconds. The value is undefined where the duration is missing: nothing,
 * `-`, `""` or `-1` (from AWS load balancers) where it is optional, or `-` in every place of a list.
 * @returns undefined where neither a duration nor a missing one is there.
 */
export function readDuration(
  text: string,
  from: number,
  element: DurationElement,
  mayHaveExponent: boolean,
): Read<Decimal | undefined> | undefined {
  let item = readItem(text, from, element, mayHaveExponent);
  if (!item) return element.isOptional ? { value: undefined, end: from } : undefined;
  let read = item;
  while (element.field.isList) {
    const separator = matchAt(SEPARATOR, text, read.end);
    item = separator && readItem(text, read.end + separator[0].length, element, mayHaveExponent);
    if (!item) break;
    read = { value: sumOfPresent(read.value, item.value), end: item.end };
  }
  return read;
}

function sumOfPresent(a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined {
  return a && b ? sum(a, b) : (a ?? b);
}

/** Reads one value of a list, or the only value. */
function readItem(
  text: string,
  from: number,
  { field: { unit, unitSuffix = '', isList = false }, isOptional }: DurationElement,
  mayHaveExponent: boolean,
): Read<Decimal | undefined> | undefined {
  const number = unit === 'text' ? readDurationText(text, from) : readDecimal(text, from, mayHaveExponent);
  const suffix = utf8Text(unitSuffix);
  if (number && text.startsWith(suffix, number.end)) {
    const value = unit === 'text' ? number.value : shifted(number.value, PLACES[unit]);
    return { value, end: number.end + suffix.length };
  }
  if (isOptional && (text.startsWith('-1', from) || isEmptyQuotes(text, from)))
    return { value: undefined, end: from + 2 };
  if ((isOptional || isList) && text[from] === '-') return { value: undefined, end: from + 1 };
  return undefined;
}

/** True for `""`. Behind a quote that the format has, the next quote ends the field. */
function isEmptyQuotes(text: string, from: number): boolean {
  return text.startsWith('""', from) && text[from - 1] !== '"';
}
