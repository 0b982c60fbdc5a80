/**
 * Makes a template of a path: identifiers become `{id}`. `docs/endpoints.md` has the rules. All texts are byte text; what
 * comes out is printable ASCII.
 */

/** Stands for a segment that is an identifier. */
const ID = '{id}';
/** Stands for the segment from which CUSTOMER_ID takes the customer. */
const CUSTOMER_ID = '{customer_id}';

/** A longer segment is taken for an identifier. */
const MAX_LITERAL_BYTES = 64;

/**
 * Folds a path.
 * @param customerSegments which segments are the customer id. They are counted from 1, empty ones included.
 */
export function foldedPath(path: string, customerSegments: readonly number[] = []): string {
  const segments = path.split('/').flatMap((written, i) => {
    if (written === '') return [];
    return customerSegments.includes(i) ? [CUSTOMER_ID] : [foldedSegment(percentDecodedWhereRight(written))];
  });
  return `/${segments.join('/')}`;
}

/** A segment of a template as a path has it: decoded, and then encoded in one way. */
export function canonicalSegment(written: string): string {
  return encoded(percentDecodedWhereRight(written));
}

/** Resolves `%HH`. A `%` that no two hex digits follow stays. */
function percentDecodedWhereRight(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Encodes what is not printable ASCII, and what means something in a path or a template. */
export function encoded(text: string): string {
  return text.replace(
    /[^!-~]|[%/?#{}]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** @param text without escapes. */
function foldedSegment(text: string): string {
  if (isIdentifier(text)) return ID;
  const [extension = '', at = 0] = extensionOf(text);
  if (at > 0 && isIdentifier(text.slice(0, at))) return ID + extension;
  return encoded(text);
}

/** What a short extension is, with its point, and where it begins: `.json`. */
function extensionOf(text: string): [extension: string, at: number] | [] {
  const found = /\.[A-Za-z][A-Za-z0-9]{0,4}$/.exec(text);
  return found ? [found[0], found.index] : [];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Numbers, also several of them, dates and addresses of IPv4: digits, with signs between them. */
const NUMBERS = /^[\d+,.:_-]*\d[\d+,.:_-]*$/;
/** A date with a time: `2024-10-02T05:10:46Z`. {@link isTime} says the rest. */
const TIME = /^\d{4}[\d+,.:_TtZz-]*$/;
const HEX = /^[0-9a-f]{8,}$/i;
/** Crockford's base 32, 128 bits (https://github.com/ulid/spec). */
const ULID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
const BASE64 = /^[A-Za-z0-9+/=_-]{16,}$/;
const LONG_WORD = /^[A-Za-z0-9]{16,}$/;
const EMAIL = /^[^@]+@[^@]+\.[^@.]+$/s;

/** True of what tells one thing from others of its kind. Words have no digits, and are none: `facade`, `deadbeef`. */
function isIdentifier(text: string): boolean {
  return (
    text.length > MAX_LITERAL_BYTES ||
    NUMBERS.test(text) ||
    isTime(text) ||
    UUID.test(text) ||
    (HEX.test(text) && /\d/.test(text)) ||
    ULID.test(text) ||
    isBase64(text) ||
    (LONG_WORD.test(text) && digitsIn(text) >= 4) ||
    EMAIL.test(text)
  );
}

function isTime(text: string): boolean {
  return TIME.test(text) && digitsIn(text) >= 8 && text.replace(/[^A-Za-z]/g, '').length <= 2;
}

function isBase64(text: string): boolean {
  return BASE64.test(text) && /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
}

function digitsIn(text: string): number {
  return text.replace(/\D/g, '').length;
}
