/** The elements of a pattern, as the kernel sees them: fields, and fixed text between them. */

import type { FieldElement, PatternFormat } from '../format.ts';

export const QUOTE = '"';

/** Turns the unit behind a number, and the quotes around a value, into fixed text. */
export function withSuffixes(elements: PatternFormat['elements']): PatternFormat['elements'] {
  const flat: (string | FieldElement)[] = [];
  for (const part of elements.flatMap((element) => partsOf(element))) {
    const previous = flat.at(-1);
    if (typeof part === 'string' && typeof previous === 'string') flat[flat.length - 1] = previous + part;
    else flat.push(part);
  }
  return flat;
}

function partsOf(element: string | FieldElement): (string | FieldElement)[] {
  if (typeof element === 'string') return [element];
  if (element.isInQuotes) return [QUOTE, element, QUOTE];
  const suffix = element.field.role === 'duration' ? element.field.unitSuffix : undefined;
  return suffix ? [element, suffix] : [element];
}

/** True where the last element ends by itself, so that the rest of the line may follow it. */
export function isEndingItself(last: string | FieldElement | undefined): boolean {
  return typeof last === 'string' || ['timestamp', 'status', 'duration'].includes(last?.field.role ?? '');
}

/** True where a quote stands right before the next element. */
export function isEndingWithQuote(element: string | FieldElement | undefined): boolean {
  return typeof element === 'string' && element.endsWith(QUOTE);
}
