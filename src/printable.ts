/**
 * The one way to print text that somebody else wrote, on a terminal or into a log: file names, log lines, customer ids,
 * settings. A terminal obeys control characters. A forged line, or letters that run the other way, mislead a reader. So
 * such characters are shown and have no effect.
 */

/** Control, format (bidirectional overrides), private and unassigned characters, half surrogates, line separators. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Makes one printable line of a text. Each unprintable character, including newline and tab, becomes `\xNN` or
 * `\u{NNNN}`. Each byte that is not valid UTF-8 becomes `\xNN`. Printable characters stay.
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

/** For bytes that are not all valid UTF-8. */
function brokenUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    text += character === undefined ? escapeCode(bytes[at] ?? 0) : printable(character);
    at += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return text;
}

/** The character that begins at an index, or undefined if none does. */
function characterAt(bytes: Uint8Array, at: number): string | undefined {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      return strictUtf8.decode(bytes.subarray(at, at + length));
    } catch {}
  }
  return undefined;
}

/**
 * Makes one-line JSON printable: each unprintable character becomes `\uNNNN`. The JSON means the same, because such a
 * character can only be in a string.
 * @param json one line of JSON.
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

/** Hides the passwords of URLs. Somebody may have put a URL where another text belongs. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\/\/[^\s/@:'"]*:)[^\s/'"]+@/g, '$1***@');
}
