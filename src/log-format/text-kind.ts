import { placesIn } from './customer-places.ts';
import type { FieldElement, LogFormat, PatternFormat, TextKind } from './format.ts';

/**
 * What the text of a field in a pattern can be, after what stands around it. Undefined: anything.
 *
 * Quotes bound a user or a word, so it may hold anything. An unquoted customer id holds no space if a space follows it, or
 * if it is the first or the last field: otherwise a prefix of the line, or what follows it, would become a part of it.
 *
 * A list or a request has spaces of its own. Where a space follows it, only its own grammar says where it ends.
 * @param at the index of the field among the elements.
 */
export function textKindAt({ elements, isOpenEnded }: PatternFormat, at: number): TextKind | undefined {
  const { field, text, isInQuotes } = elements[at] as FieldElement;
  if (isInQuotes) return undefined;
  const [before, behind] = [literalAt(elements, at - 1), literalAt(elements, at + 1)];
  const isLast = at === elements.length - 1;
  const isQuoted = before.endsWith('"') && behind.startsWith('"');
  const isSpaced = behind.startsWith(' ') || (isLast && !isOpenEnded);
  if (field.role === 'request' || (field.role === 'skip' && text === 'request'))
    return isSpaced ? 'request' : undefined;
  if (field.role === 'skip' && text === 'list')
    return isSpaced && !behind.startsWith(' : ') ? 'list' : undefined;
  // `$remote_addr:$remote_port`: nobody can tell the colons of an IPv6 address from the one behind it.
  if (text === 'host') return behind.startsWith(':') ? undefined : text;
  if ((isLast && isOpenEnded) || isQuoted) return undefined;
  if (text === 'word') return text;
  const isBounded = at > 0 && !isLast && !behind.startsWith(' ');
  if (text === 'user') return isBounded ? undefined : text;
  const isUnbounded = at === 0 || isLast || behind.startsWith(' ');
  return field.role === 'customer_id' && isUnbounded ? 'word' : undefined;
}

/** True where the customer id is a user that nothing bounds: a word beside it may have become a part of it. */
export function isCustomerUnboundedUser(format: LogFormat): boolean {
  return (
    format.layout === 'pattern' &&
    format.elements.some(
      (element, at) =>
        typeof element !== 'string' &&
        placesIn(element.field).length > 0 &&
        textKindAt(format, at) === 'user',
    )
  );
}

/** The fixed text at an index. Empty where a field or nothing is there. */
function literalAt(elements: PatternFormat['elements'], at: number): string {
  const element = elements[at];
  return typeof element === 'string' ? element : '';
}
