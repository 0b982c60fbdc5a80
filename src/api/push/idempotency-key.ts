import { DaymarkError } from '../../errors.ts';
import { MAX_IDEMPOTENCY_KEY_CHARACTERS } from '../../limits.ts';

/** A string of structured fields (RFC 9651), as the draft of the header says. */
const QUOTED = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** Most clients send it without quotes. A comma would stand between two headers. */
const BARE = /^[\x21\x23-\x2b\x2d-\x7e]+$/;

/**
 * The value of the header `Idempotency-Key` without its quotes.
 * @throws {DaymarkError} IDEMPOTENCY_KEY_REQUIRED where there is none, or one that is malformed or too long.
 */
export function idempotencyKeyOf(header: string | string[] | undefined): string {
  if (header === undefined) throw unusable('The header `Idempotency-Key` is missing.');
  const text = String(header);
  const key = QUOTED.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? (BARE.test(text) ? text : '');
  if (key.length > 0 && key.length <= MAX_IDEMPOTENCY_KEY_CHARACTERS) return key;
  throw unusable(
    `The header \`Idempotency-Key\` must have 1 to ${MAX_IDEMPOTENCY_KEY_CHARACTERS} printable ASCII characters.`,
  );
}

function unusable(detail: string): DaymarkError {
  return new DaymarkError('IDEMPOTENCY_KEY_REQUIRED', detail);
}
