/** Adds the customer id to a format: where it is, in the operator's words. */

import { DaymarkError } from '../../errors.ts';
import { nearestHint } from '../../nearest.ts';
import { elementsOf, pathPlacesOf, placesIn } from '../customer-places.ts';
import type { CustomerPlace, CustomerStep, FieldElement, LogFormat, PatternFormat } from '../format.ts';
import { addressStepFor, bestClientField, CLIENT_KEYS, isClientName } from './client-address.ts';
import { indexOfName, isCustomer, plainName, skippedNames } from './customer-names.ts';
import { parseCustomerPlaces, type WrittenPlace } from './customer-syntax.ts';
import { pathOf } from './mapping.ts';

/** A log format that may not say yet where the customer id is. {@link resolveLogFormat} completes it. */
export interface LogFormatDraft {
  /** Like a {@link LogFormat}, but perhaps without a customer id. */
  readonly unresolved: LogFormat;
}

/** True where the format itself says where the customer id is. */
export function hasCustomer({ unresolved }: LogFormatDraft): boolean {
  return pathPlacesOf(unresolved).length > 0 || elementsOf(unresolved).some(isCustomer);
}

/** True where the lines have a path that can hold a customer id. */
export function hasPath({ unresolved }: LogFormatDraft): boolean {
  return elementsOf(unresolved).some(
    ({ field }) => field.role === 'request_path' || field.role === 'request',
  );
}

/** True where the lines say how long a request took. */
export function hasDuration({ unresolved }: LogFormatDraft): boolean {
  return elementsOf(unresolved).some(({ field }) => field.role === 'duration' || field.role === 'begin');
}

/**
 * Completes a draft.
 * @param customerId the setting CUSTOMER_ID: places in the order in which they count; see `customer-syntax.ts`. A field that
 * was the customer id before, and is none of the places, is skipped.
 * @throws {DaymarkError} INVALID_SETTING where it does not fit, or where neither says where the customer id is.
 */
export function resolveLogFormat(draft: LogFormatDraft, customerId: string | undefined): LogFormat {
  if (customerId !== undefined) return withPlaces(draft, parseCustomerPlaces(customerId));
  if (hasCustomer(draft)) return draft.unresolved;
  const detail = `The log format does not say where the customer id is: set CUSTOMER_ID to ${waysToCustomer(draft)}.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

function withPlaces(draft: LogFormatDraft, written: readonly WrittenPlace[]): LogFormat {
  const places = written.flatMap((place) => inWordsOf(draft.unresolved, place));
  let format = withoutCustomer(draft.unresolved);
  for (const [rank, { kind, text, steps }] of places.entries())
    format =
      kind === 'path' ? withPath(format, text, { rank, steps }) : withField(format, text, { rank, steps });
  return places.length === 1 ? simplified(format) : format;
}

/** The address of the client in W3C extended logs. */
const W3C_CLIENT = 'c-ip';

/**
 * `$remote_addr` and the like mean the address of the client in JSON and logfmt, too, whatever its key is. A name without a
 * sign is a key.
 */
function inWordsOf(format: LogFormat, place: WrittenPlace): readonly WrittenPlace[] {
  const isKeyed = format.layout === 'json' || format.layout === 'logfmt' || format.layout === 'ltsv';
  const isAddress = place.kind === 'field' && /^[$%]/.test(place.text) && isClientName(plainName(place.text));
  if (isAddress && format.layout === 'w3c') return [{ ...place, text: W3C_CLIENT }];
  if (!isKeyed || !isAddress) return [place];
  const taken = new Set(format.fields.filter((field) => !isCustomer(field)).map(({ name }) => name));
  return CLIENT_KEYS.filter((key) => !taken.has(key)).map((text) => ({ ...place, text }));
}

/** A single place in the form that is read fastest. */
function simplified(format: LogFormat): LogFormat {
  const { customerPaths: [path] = [], ...others } = format;
  if (path) return path.steps.length === 0 ? { ...others, customerPath: path.template } : format;
  const simplify = <E extends FieldElement>(element: E): E =>
    placesIn(element.field).every(({ steps }) => steps.length === 0) && isCustomer(element)
      ? { ...element, field: { role: 'customer_id' } }
      : element;
  return withElements(format, simplify);
}

function withPath(format: LogFormat, template: string, place: CustomerPlace): LogFormat {
  if (hasPath({ unresolved: format }))
    return { ...format, customerPaths: [...pathPlacesOf(format), { ...place, template }] };
  const detail = `CUSTOMER_ID is \`${template}\`, a place in the path, but the log format has no request path.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/** Skips the fields that are the customer id. A pattern keeps their place in the line. */
function withoutCustomer({ customerPath: _, customerPaths: __, ...format }: LogFormat): LogFormat {
  if (format.layout === 'pattern')
    return withElements(format, (element) =>
      isCustomer(element) ? { ...element, field: { role: 'skip' }, isOptional: true } : element,
    );
  return withFields(format, (fields) => fields.filter((field) => !isCustomer(field)));
}

/** @param name the name of a field in the format: `$remote_user`, `%{X-Customer-Id}i`, a key or a column. */
function withField(format: LogFormat, name: string, place: CustomerPlace): LogFormat {
  if (format.layout === 'pattern') return withNamedField(format, name, place);
  const taken = format.fields.find((field) => field.name === name && !isCustomer(field));
  if (taken) throw takenFault(name, taken);
  const element = customerElement(name, [withAddress(place, addressStepFor(name.toLowerCase(), {}))]);
  switch (format.layout) {
    case 'json':
      return { ...format, fields: [...format.fields, { ...element, path: pathOf(name) }] };
    case 'logfmt':
    case 'ltsv':
      return { ...format, fields: [...format.fields, { ...element, key: name }] };
    case 'w3c':
    case 'delimited':
      return { ...format, fields: [...format.fields, { ...element, column: name }] };
  }
}

function customerElement(name: string, places: readonly CustomerPlace[]): FieldElement {
  return { field: { role: 'customer_id', places }, name, isOptional: true };
}

/** A field that is known to hold an address gives it without its port, unless the operator takes something else out of it. */
function withAddress(place: CustomerPlace, address: CustomerStep | undefined): CustomerPlace {
  const [first, ...others] = place.steps;
  if (!address || (first && first.kind !== 'address')) return place;
  return { ...place, steps: [address, ...others] };
}

function withNamedField(format: PatternFormat, name: string, place: CustomerPlace): LogFormat {
  const at = indexOf(format, name);
  const element = format.elements[at];
  if (element === undefined || typeof element === 'string') throw unknownField(format, name);
  if (element.field.role !== 'skip' && !isCustomer(element)) throw takenFault(name, element);
  const places = isCustomer(element) ? placesIn(element.field) : [];
  const hasPortBehind = isPortBehind(format, at);
  const known = hasPortBehind || places.some(hasPort) ? HAS_PORT : undefined;
  const isAddress = isClientName(plainName(name)) && plainName(name) !== plainName(element.name);
  const step =
    known ?? addressStepFor(plainName(element.name), isAddress ? { text: 'host' } : element) ?? undefined;
  const { text: _, ...others } = element;
  const customer = customerElement(element.name, [...places, withAddress(place, step)]);
  const replaced = hasPortBehind
    ? { ...others, ...customer, text: 'word' as const }
    : { ...element, ...customer };
  return { ...format, elements: format.elements.toSpliced(at, hasPortBehind ? 3 : 1, replaced) };
}

const HAS_PORT: CustomerStep = { kind: 'address', hasPort: true };

function hasPort({ steps: [first] }: CustomerPlace): boolean {
  return first?.kind === 'address' && first.hasPort;
}

/** True for `$remote_addr:$remote_port`: only together can an IPv6 address be told from its port. */
function isPortBehind({ elements }: PatternFormat, at: number): boolean {
  const [element, colon, port] = elements.slice(at, at + 3) as (string | FieldElement | undefined)[];
  const isAddress = typeof element === 'object' && element.text === 'host';
  return isAddress && colon === ':' && typeof port === 'object' && port.field.role === 'skip';
}

/** The index of a field; −1 where there is none of that name. */
function indexOf(format: PatternFormat, name: string): number {
  const at = indexOfName(format, name);
  if (at >= 0 || !isClientName(plainName(name))) return at;
  return bestClientField(
    format.elements.map((each) => (typeof each === 'string' ? undefined : plainName(each.name))),
  );
}

function takenFault(text: string, { field }: FieldElement): DaymarkError {
  const detail = `CUSTOMER_ID is \`${text}\`, but that is the ${field.role} of the log format; it cannot be both.`;
  return new DaymarkError('INVALID_SETTING', detail);
}

function unknownField(format: PatternFormat, text: string): DaymarkError {
  const names = skippedNames(format);
  const known = names.length > 0 ? ` It has: ${names.join(', ')}.` : '';
  const address = isClientName(plainName(text))
    ? ' None of its fields is known to be the client’s address.'
    : '';
  const hint = nearestHint(text, names, plainName);
  const detail = `CUSTOMER_ID is \`${text}\`, but the log format has no such field.${known}${address}${hint}`;
  return new DaymarkError('INVALID_SETTING', detail);
}

/** What CUSTOMER_ID can be for this format, for messages. */
export function waysToCustomer(draft: LogFormatDraft): string {
  const names = skippedNames(draft.unresolved).join(', ');
  const known = draft.unresolved.layout === 'pattern' ? names : 'such as customer';
  const field = known === '' ? [] : [`the name of a field of the line (${known})`];
  const path = hasPath(draft) ? ['a place in the request path (such as /customers/{customer_id})'] : [];
  return [...path, ...field].join(', or to ') || 'a field that you add to the log format';
}

/** The same format with other elements. */
function withElements(format: LogFormat, change: <E extends FieldElement>(element: E) => E): LogFormat {
  if (format.layout !== 'pattern') return withFields(format, (fields) => fields.map(change));
  return {
    ...format,
    elements: format.elements.map((each) => (typeof each === 'string' ? each : change(each))),
  };
}

function withFields(
  format: Exclude<LogFormat, PatternFormat>,
  change: <E extends FieldElement>(fields: readonly E[]) => readonly E[],
): LogFormat {
  switch (format.layout) {
    case 'json':
      return { ...format, fields: change(format.fields) };
    case 'logfmt':
    case 'ltsv':
      return { ...format, fields: change(format.fields) };
    case 'w3c':
    case 'delimited':
      return { ...format, fields: change(format.fields) };
  }
}
