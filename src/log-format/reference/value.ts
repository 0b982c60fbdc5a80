import type { Escapes } from '../format.ts';
import { resolved } from './escapes.ts';

/** A value of a line, both as byte text. */
export interface Value {
  /** As it stands in the line. */
  readonly raw: string;
  /** What it says, its escapes resolved; undefined where one is broken. */
  readonly text: string | undefined;
  /** `unreadable`: an object where a text or a number was to be, or what no JSON value begins with. */
  readonly kind: 'text' | 'number' | 'unreadable';
}

/** An empty value says no more than none. */
export const MISSING: Value = { raw: '', text: '', kind: 'text' };
export const UNREADABLE: Value = { raw: '', text: undefined, kind: 'unreadable' };

export function textValue(raw: string, escapes: Escapes): Value {
  return { raw, text: resolved(raw, escapes), kind: 'text' };
}
