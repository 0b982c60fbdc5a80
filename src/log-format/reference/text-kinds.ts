import type { TextKind } from '../format.ts';

/**
 * True where a text is of a kind.
 * @param raw the bytes in the line. @param text the same with its escapes resolved; undefined where one is broken.
 */
export function isOfKind(kind: TextKind, raw: string, text: string | undefined): boolean {
  switch (kind) {
    case 'host':
      return isHost(text ?? '');
    case 'word':
      return isWord(raw);
    case 'user':
      return isWord(raw) ? !raw.includes('[') : SEVERAL_WORDS.test(text ?? '');
    // Such a text ends where its grammar ends.
    case 'list':
    case 'request':
      return true;
  }
}

/**
 * Words with single spaces between them. Each has a letter (ASCII, or any other character of UTF-8) and no digit. So
 * `-`, addresses, times and session ids cannot become a part of a user.
 */
const SEVERAL_WORDS =
  /^[.'_@+-]*[A-Za-z\x80-\xff][A-Za-z\x80-\xff.'_@+-]*(?: [.'_@+-]*[A-Za-z\x80-\xff][A-Za-z\x80-\xff.'_@+-]*)+$/;

function isWord(text: string): boolean {
  return !/[ \t]/.test(text);
}

/** Labels with dots between them. The last one is no number, because that is an address or a part of a time. */
const HOST_NAME = /^(?:[\w-]+\.)*[\w-]*[A-Za-z_-][\w-]*\.?$/;
const MAX_HOST_NAME_LENGTH = 255;
const UNIX_SOCKET = /^unix:[^ \t]*$/;

function isHost(text: string): boolean {
  if (text.length <= MAX_HOST_NAME_LENGTH && HOST_NAME.test(text)) return true;
  return isIpv4(text) || isIpv6(text.replace(/%[\w.-]+$/, '')) || UNIX_SOCKET.test(text);
}

/** Four numbers to 255 with dots between them. */
function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** RFC 4291, section 2.2. The last two groups can be written as an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const hasIpv4 = isIpv4(last) && text.endsWith(last);
  const hex = hasIpv4 ? groups.slice(0, -1) : groups;
  const length = groups.length + (hasIpv4 ? 1 : 0);
  const isLengthRight = halves.length === 1 ? length === 8 : halves.length === 2 && length <= 7;
  return isLengthRight && hex.every((group) => /^[\dA-Fa-f]{1,4}$/.test(group));
}
