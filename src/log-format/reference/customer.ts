import { isUtf8 } from 'node:buffer';
import { MAX_CUSTOMER_ID_BYTES } from '../../limits.ts';
import { bytesOf } from './byte-text.ts';

/** Unicode's control characters (Cc) in UTF-8, as byte text: U+0000–1F, U+007F, and U+0080–9F. */
const CONTROL = /[^ -~\x80-\xff]|\xc2[\x80-\x9f]/;

/**
 * The bytes of a customer id: 1 to 255 bytes of UTF-8 without control characters. Undefined where the text is not
 * that.
 */
export function customerIdOf(text: string): Uint8Array | undefined {
  if (text.length === 0 || text.length > MAX_CUSTOMER_ID_BYTES || CONTROL.test(text)) return undefined;
  const bytes = bytesOf(text);
  return isUtf8(bytes) ? bytes : undefined;
}
