/** The names of fields, as CUSTOMER_ID takes them. */

import { elementsOf } from '../customer-places.ts';
import type { FieldElement, LogFormat, PatternFormat } from '../format.ts';

/**
 * The name of a field without the signs of its dialect, in lower case, because servers ignore the case of headers.
 */
export function plainName(name: string): string {
  return name
    .replace(/^\{-?([^{}]*)\}$/, '$1')
    .replace(/^\$\{?([^}]*)\}?$/, '$1')
    .replace(/^%[<>]?(.*?)%?$/, '$1')
    .toLowerCase();
}

/**
 * nginx's name of an Apache field. `combined` is a format of both, so CUSTOMER_ID takes the names of either.
 * @returns the name without `$`. Undefined where nginx has none, or the field is not Apache's.
 */
function nginxName(name: string): string | undefined {
  if (!name.startsWith('%')) return undefined;
  const plain = plainName(name);
  const header = /^\{([^}]+)\}i$/.exec(plain)?.[1];
  if (header !== undefined) return `http_${header.replaceAll('-', '_')}`;
  return { h: 'remote_addr', a: 'remote_addr', u: 'remote_user' }[plain];
}

/** The index of a field with this name; else that of one with this name in nginx's words. −1: there is none. */
export function indexOfName({ elements }: PatternFormat, name: string): number {
  const wanted = plainName(name);
  const indexBy = (nameOf: (name: string) => string | undefined) =>
    elements.findIndex((each) => typeof each !== 'string' && nameOf(each.name) === wanted);
  const exact = indexBy(plainName);
  return exact >= 0 ? exact : indexBy(nginxName);
}

/** The names of the fields that could be the customer id. */
export function skippedNames(format: LogFormat): string[] {
  const sign = format.layout === 'pattern' ? (format.sign ?? '') : '';
  return elementsOf(format)
    .filter((field) => field.name !== '-' && (field.field.role === 'skip' || isCustomer(field)))
    .map(({ name }) => `${sign}${name}`);
}

/** Apache's sizes, ports and processes, and the ident, which is always `-`. */
const NO_CUSTOMER = /^%[<>]?[lbBIOSpPkLR]$/;

/**
 * The fields of a line that could be the customer, as CUSTOMER_ID takes them. Apache's have nginx's names where those
 * exist.
 */
export function customerFields(format: PatternFormat): string[] {
  const others = {
    ...format,
    elements: format.elements.filter((each) => typeof each === 'string' || !isCustomer(each)),
  };
  return skippedNames(others)
    .filter((name) => !NO_CUSTOMER.test(name))
    .map((name) => {
      const variable = nginxName(name);
      return variable === undefined ? name : `$${variable}`;
    });
}

export function isCustomer({ field }: FieldElement): boolean {
  return field.role === 'customer_id';
}
