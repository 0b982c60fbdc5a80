/** Adds the customer id to a format: where it is, in the operator's words. */

import { DaymarkError } from '../../errors.ts';
import { nearestHint } from '../../nearest.ts';
import type { FieldElement, LogFormat, PatternFormat } from '../format.ts';
import { parsePathTemplate } from '../reference/path-template.ts';
import { pathOf } from './mapping.ts';

/** A log format that may not say yet where the customer id is. {@link resolveLogFormat} completes it. */
export interface LogFormatDraft {
  /** Like a {@link LogFormat}, but perhaps without a customer id. */
  readonly unresolved: LogFormat;
}

/** True where the format itself says where the customer id is. */
export function hasCustomer({ unresolved }: LogFormatDraft): boolean {
  return unresolved.customerPath !== undefined || fieldsOf(unresolved).some(isCustomer);
}

/** True where the lines have a path that can hold a customer id. */
export function hasPath({ unresolved }: LogFormatDraft): boolean {
  return fieldsOf(unresolved).some(({ field }) => field.role === 'request_path' || field.role === 'request');
}

/** True where the lines say how long a request took. */
export function hasDuration({ unresolved }: LogFormatDraft): boolean {
  return fieldsOf(unresolved).some(({ field }) => field.role === 'duration' || field.role === 'begin');
}

/**
 * Completes a draft.
 * @param customerId the setting CUSTOMER_ID: a path template, or the name of a field.
 * @throws {DaymarkError} INVALID_SETTING where it does not fit, or where neither says where the customer id is.
 */
export function resolveLogFormat(draft: LogFormatDraft, customerId: string | undefined): LogFormat {
  if (customerId !== undefined) return withCustomer(draft, customerId);
  if (hasCustomer(draft)) return draft.unresolved;
  const detail = `The log format does not say where the customer id is: set CUSTOMER_ID to ${waysToCustomer(draft)}.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/**
 * Sets where the customer id is. A field that was the customer id before is skipped.
 * @param text a path template such as `/accounts/{customer_id}/…`, or the name of a field in the format:
 * `$remote_user`, `%{X-Customer-Id}i`, a key or a column.
 * @throws {DaymarkError} INVALID_SETTING.
 */
function withCustomer(draft: LogFormatDraft, text: string): LogFormat {
  if (text.startsWith('/')) return withCustomerPath(draft, text);
  const { customerPath: _, ...format } = draft.unresolved;
  switch (format.layout) {
    case 'pattern':
      return withNamedField(format, text);
    case 'json':
      return {
        ...format,
        fields: [...keptFields(format.fields, text), { ...customerElement(text), path: pathOf(text) }],
      };
    case 'logfmt':
    case 'ltsv':
      return {
        ...format,
        fields: [...keptFields(format.fields, text), { ...customerElement(text), key: text }],
      };
    case 'w3c':
    case 'delimited':
      return {
        ...format,
        fields: [...keptFields(format.fields, text), { ...customerElement(text), column: text }],
      };
  }
}

function withCustomerPath(draft: LogFormatDraft, template: string): LogFormat {
  parsePathTemplate(template);
  if (!hasPath(draft)) {
    const detail = `CUSTOMER_ID is \`${template}\`, a place in the path, but the log format has no request path.`;
    throw new DaymarkError('INVALID_SETTING', detail);
  }
  return { ...withoutCustomer(draft.unresolved), customerPath: template };
}

function withoutCustomer(format: LogFormat): LogFormat {
  switch (format.layout) {
    case 'pattern':
      return { ...format, elements: format.elements.map(withoutRole) };
    case 'json':
      return { ...format, fields: format.fields.filter((field) => !isCustomer(field)) };
    case 'logfmt':
    case 'ltsv':
      return { ...format, fields: format.fields.filter((field) => !isCustomer(field)) };
    case 'w3c':
    case 'delimited':
      return { ...format, fields: format.fields.filter((field) => !isCustomer(field)) };
  }
}

function withoutRole(element: string | FieldElement): string | FieldElement {
  return typeof element === 'string' || !isCustomer(element)
    ? element
    : { ...element, field: { role: 'skip' }, isOptional: true };
}

function customerElement(name: string): FieldElement {
  return { field: { role: 'customer_id' }, name, isOptional: true };
}

function keptFields<T extends FieldElement>(fields: readonly T[], name: string): T[] {
  const others = fields.filter((field) => !isCustomer(field));
  const taken = others.find((field) => field.name === name);
  if (taken) throw takenFault(name, taken);
  return others;
}

function withNamedField(format: PatternFormat, text: string): LogFormat {
  const wanted = plainName(text);
  const isWanted = (nameOf: (name: string) => string | undefined) =>
    format.elements.findIndex((each) => typeof each !== 'string' && nameOf(each.name) === wanted);
  const exact = isWanted(plainName);
  const at = exact >= 0 ? exact : isWanted(nginxName);
  const element = format.elements[at];
  if (element === undefined || typeof element === 'string') throw unknownField(format, text);
  if (element.field.role !== 'skip' && !isCustomer(element)) throw takenFault(text, element);
  const elements = format.elements.map((each, i) =>
    i === at ? { ...element, ...customerElement(element.name) } : withoutRole(each),
  );
  return { ...format, elements };
}

function takenFault(text: string, { field }: FieldElement): DaymarkError {
  const detail = `CUSTOMER_ID is \`${text}\`, but that is the ${field.role} of the log format; it cannot be both.`;
  return new DaymarkError('INVALID_SETTING', detail);
}

function unknownField(format: PatternFormat, text: string): DaymarkError {
  const names = skippedNames(format);
  const known = names.length > 0 ? ` It has: ${names.join(', ')}.` : '';
  const hint = nearestHint(text, names, plainName);
  const detail = `CUSTOMER_ID is \`${text}\`, but the log format has no such field.${known}${hint}`;
  return new DaymarkError('INVALID_SETTING', detail);
}

/** The names of the fields that could be the customer id. */
function skippedNames(format: LogFormat): string[] {
  return fieldsOf(format)
    .filter((field) => field.name !== '-' && (field.field.role === 'skip' || isCustomer(field)))
    .map(({ name }) => `${signOf(format)}${name}`);
}

function signOf(format: LogFormat): string {
  return format.layout === 'pattern' ? (format.sign ?? '') : '';
}

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
export function nginxName(name: string): string | undefined {
  if (!name.startsWith('%')) return undefined;
  const plain = plainName(name);
  const header = /^\{([^}]+)\}i$/.exec(plain)?.[1];
  if (header !== undefined) return `http_${header.replaceAll('-', '_')}`;
  return { h: 'remote_addr', a: 'remote_addr', u: 'remote_user' }[plain];
}

/**
 * The fields of a line that could be the customer, as CUSTOMER_ID takes them. Apache's have nginx's names where those
 * exist.
 */
export function customerFields(format: PatternFormat): string[] {
  const others = {
    ...format,
    elements: format.elements.filter((each) => typeof each === 'string' || !isCustomer(each)),
  };
  return skippedNames(others).map((name) => {
    const variable = nginxName(name);
    return variable === undefined ? name : `$${variable}`;
  });
}

/** What CUSTOMER_ID can be for this format, for messages. */
export function waysToCustomer(draft: LogFormatDraft): string {
  const names = skippedNames(draft.unresolved).join(', ');
  const known = draft.unresolved.layout === 'pattern' ? names : 'such as customer';
  const field = known === '' ? [] : [`the name of a field of the line (${known})`];
  const path = hasPath(draft) ? ['a place in the request path (such as /customers/{customer_id})'] : [];
  return [...path, ...field].join(', or to ') || 'a field that you add to the log format';
}

function isCustomer({ field }: FieldElement): boolean {
  return field.role === 'customer_id';
}

function fieldsOf(format: LogFormat): readonly FieldElement[] {
  return format.layout === 'pattern'
    ? format.elements.filter((element) => typeof element !== 'string')
    : format.fields;
}
