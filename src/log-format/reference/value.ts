import type { Escapes } from '../format.ts';
import { resolved } from './escapes.ts';

/** A value of a line. Its texts are byte text. */
export interface Value {
  /** The bytes in the line. */
  readonly raw: string;
  /** The text with its escapes resolved. Undefined where an escape is broken. */
  readonly text: string | undefined;
  /** `unreadable`: an object in the place of a text or number, or something that is no JSON value. */
  readonly kind: 'text' | 'number' | 'unreadable';
}

/** An empty value means the same as a missing one. */
export const MISSING: Value = { raw: '', text: '', kind: 'text' };
export const UNREADABLE: Value = { raw: '', text: undefined, kind: 'unreadable' };

export function textValue(raw: string, escapes: Escapes): Value {
  return { raw, text: resolved(raw, escapes), kind: 'text' };
}
