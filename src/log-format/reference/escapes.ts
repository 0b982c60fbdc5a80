import type { Escapes } from '../format.ts';
import { matchAt, utf8Text } from './byte-text.ts';

/** Resolves the escapes of byte text. Undefined where an escape is broken, or is half of a surrogate pair. */
export function resolved(text: string, escapes: Escapes): string | undefined {
  if (escapes === 'hash') return text.replace(/#([0-9A-F]{2})/g, (_, hex) => byteOf(hex));
  if (escapes === 'none' || !text.includes('\\')) return text;
  return escapes === 'json' ? resolvedJson(text) : text.replace(BACKSLASH, resolvedBackslash);
}

/**
 * nginx writes `\xHH` (https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format). Apache also writes `\"`,
 * `\\` and the escapes of C (https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#format-notes). HAProxy's `+E`
 * escapes `"`, `\` and `]` by a backslash (https://docs.haproxy.org/3.0/configuration.html#8.2.6).
 */
const BACKSLASH = /\\(?:x([0-9A-Fa-f]{2})|(["\\\]abfnrtv]))/g;
const OF_C: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function resolvedBackslash(_: string, hex: string | undefined, character: string): string {
  return hex === undefined ? (OF_C[character] ?? character) : byteOf(hex);
}

function byteOf(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

/** RFC 8259, section 7. */
const JSON_ESCAPE = /\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])/y;
const OF_JSON: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function resolvedJson(text: string): string | undefined {
  let result = '';
  for (let at = 0; at < text.length; ) {
    const backslash = text.indexOf('\\', at);
    if (backslash < 0) return result + text.slice(at);
    result += text.slice(at, backslash);
    at = backslash;
    // Adjacent escapes are resolved together, because two of them may be the halves of one character.
    let characters = '';
    for (let match = matchAt(JSON_ESCAPE, text, at); match; match = matchAt(JSON_ESCAPE, text, at)) {
      characters += ofJsonEscape(match[0]);
      at += match[0].length;
    }
    if (at === backslash || !characters.isWellFormed()) return undefined;
    result += utf8Text(characters);
  }
  return result;
}

function ofJsonEscape(written: string): string {
  const kind = written[1];
  return kind === 'u' ? String.fromCharCode(Number.parseInt(written.slice(2), 16)) : (OF_JSON[kind] ?? kind);
}

/** Resolves `%HH` in byte text (RFC 3986, section 2.1). Undefined where a `%` is not followed by two hex digits. */
export function percentDecoded(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replace(/%(..)/g, (_, hex) => byteOf(hex));
}
