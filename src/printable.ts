/**
 * The one way in which text that somebody else wrote gets onto a terminal or into a log: names of files, lines of
 * logs, customer ids, settings. A terminal obeys control characters, and a reader is misled by a line that is not ours
 * or by letters that run the other way. All of these are shown, and none takes effect.
 */

/** Control, format (bidirectional overrides), private and unassigned characters, half surrogates, line separators. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * One line of text to show: each unprintable character is `\xNN` or `\u{NNNN}`, a newline and a tab too. Of bytes, each
 * one that is not part of valid UTF-8 is `\xNN`. What is printable stays as it is.
 */
export function printable(text: string | Uint8Array): string {
  if (typeof text !== 'string') return printableBytes(text);
  return text.replace(UNPRINTABLE, escapeCharacter);
}

function printableBytes(bytes: Uint8Array): string {
  try {
    return printable(strictUtf8.decode(bytes));
  } catch {
    return brokenUtf8(bytes);
  }
}

/** Bytes of which some are no UTF-8. */
function brokenUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    text += character === undefined ? escapeCode(bytes[at] ?? 0) : printable(character);
    at += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return text;
}

/** The character that begins at a place; undefined where none does. */
function characterAt(bytes: Uint8Array, at: number): string | undefined {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      return strictUtf8.decode(bytes.subarray(at, at + length));
    } catch {}
  }
  return undefined;
}

/**
 * JSON in which each unprintable character is `\uNNNN`. It stays the same JSON: such a character can only stand within
 * a string.
 * @param json of one line.
 */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (character) =>
    Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function escapeCharacter(character: string): string {
  return escapeCode(character.codePointAt(0) ?? 0);
}

function escapeCode(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
