import { bug } from '../errors.ts';
import {
  ALL_DAYS,
  ALL_ENDPOINTS,
  ALL_HOURS,
  CUSTOMER_DAYS,
  CUSTOMER_ENDPOINTS,
  CUSTOMER_HOURS,
  WINDOW_KINDS,
  type WindowKind,
} from './kind.ts';

/** The key of a window. Only this folder and the store's queries look into it. */
export interface WindowKey {
  readonly kind: WindowKind;
  /** One for each of the kind's columns, in their order. None contains a NUL. */
  readonly values: readonly string[];
}

/** The key of a customer's day. @param date `YYYY-MM-DD`. */
export function customerDay(customerId: string, date: string): WindowKey {
  return { kind: CUSTOMER_DAYS, values: [customerId, date] };
}

/** The customer of a key of {@link customerDay}; undefined for windows of other kinds. */
export function customerOfDay({ kind, values }: WindowKey): string | undefined {
  return kind === CUSTOMER_DAYS ? values[0] : undefined;
}

/** All days of a customer, to be asked for. */
export function customerDays(customerId: string): Pick<WindowKey, 'kind'> & { readonly subject: string[] } {
  return { kind: CUSTOMER_DAYS, subject: [customerId] };
}

/** All hours of a customer, to be asked for. */
export function customerHours(customerId: string): Pick<WindowKey, 'kind'> & { readonly subject: string[] } {
  return { kind: CUSTOMER_HOURS, subject: [customerId] };
}

/** The days of all endpoints of a customer, to be asked for. */
export function customerEndpoints(
  customerId: string,
): Pick<WindowKey, 'kind'> & { readonly subject: string[] } {
  return { kind: CUSTOMER_ENDPOINTS, subject: [customerId] };
}

/** The days of all endpoints of all customers together, to be asked for. */
export const ENDPOINTS_OF_ALL = { kind: ALL_ENDPOINTS, subject: [] } as const;

/** The member of a window, such as its endpoint. Empty where its kind has none. */
export function memberOf({ kind, values }: WindowKey): string {
  return kind.memberColumn === undefined ? '' : values[kind.columns.indexOf(kind.memberColumn)];
}

/** All days of all customers together, to be asked for. */
export const DAYS_OF_ALL = { kind: ALL_DAYS, subject: [] } as const;

/** All hours of all customers together, to be asked for. */
export const HOURS_OF_ALL = { kind: ALL_HOURS, subject: [] } as const;

/** The key in a row of one of the kind's tables. */
export function keyOfRow(kind: WindowKind, row: Readonly<Record<string, unknown>>): WindowKey {
  return { kind, values: kind.columns.map((column) => row[column] as string) };
}

/** The values by the names of their columns: `{ customer_id: 'cust_1', date: '2024-10-02' }`. */
export function fieldsOf({ kind, values }: WindowKey): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at < values.length; at++) fields[kind.columns[at]] = values[at];
  return fields;
}

/** The span of a window. */
export function spanOf({ kind, values }: WindowKey): string {
  return values[kind.columns.indexOf(kind.spanColumn)];
}

/** The order in which windows are locked, written and read: by kind, then by the values' UTF-8 bytes. */
export function compareKeys(a: WindowKey, b: WindowKey): number {
  if (a.kind !== b.kind) return compareUtf8(a.kind.name, b.kind.name);
  for (let i = 0; i < a.values.length; i++) {
    const order = compareUtf8(a.values[i], b.values[i]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A text that no other key has. Partial aggregates hold it; {@link decodeKey} reads it. */
export function encodeKey({ kind, values }: WindowKey): string {
  let text = kind.name;
  for (const value of values) text += `\0${value}`;
  return text;
}

export function decodeKey(text: string, kinds: readonly WindowKind[] = WINDOW_KINDS): WindowKey {
  const [name, ...values] = text.split('\0');
  const kind = kinds.find((known) => known.name === name);
  if (!kind || kind.columns.length !== values.length)
    throw bug(`no key of a window: ${JSON.stringify(text)}`);
  return { kind, values };
}

/**
 * Compares strings by their UTF-8 bytes, which is the order of code points. JavaScript compares UTF-16 units, where
 * surrogates (code points from U+10000 on) come before U+E000 to U+FFFF. So units from U+D800 on are moved before
 * they are compared.
 */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? codePointRank(x) - codePointRank(y) : x - y;
  }
  return a.length - b.length;
}

function codePointRank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
