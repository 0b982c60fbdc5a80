/**
 * What `auto` must make of a request: written by the rules of `docs/endpoints.md`, character by character, with none of
 * daymark's code.
 */

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'];

/** @param method undefined: the log has none. @param target as the log has it; a character is a byte. */
export function naiveEndpoint(method: string | undefined, target: string, status: number): string {
  if (status === 404) return '(not found)';
  if (method !== undefined && !METHODS.includes(method)) return '(other)';
  const path = naivePath(target);
  if (path === undefined) return '(other)';
  const text = `${method === undefined ? '' : `${method} `}${path}`;
  return text.length > 240 ? '(other)' : text;
}

function naivePath(target: string): string | undefined {
  let path = target;
  for (const mark of ['?', '#']) if (path.includes(mark)) path = path.slice(0, path.indexOf(mark));
  const scheme = path.indexOf('://');
  if (scheme > 0 && isScheme(path.slice(0, scheme))) {
    const slash = path.indexOf('/', scheme + 3);
    path = slash < 0 ? '/' : path.slice(slash);
  }
  if (path[0] !== '/') return undefined;
  const segments = path.split('/').filter((segment) => segment.length > 0);
  return `/${segments.map((segment) => naiveSegment(decode(segment))).join('/')}`;
}

const isLetter = (c: string) => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
const isDigit = (c: string) => c >= '0' && c <= '9';
const isHex = (c: string) => isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

function isScheme(text: string): boolean {
  return isLetter(text[0] ?? '') && [...text].every((c) => isLetter(c) || isDigit(c) || '+.-'.includes(c));
}

function decode(segment: string): string {
  let text = '';
  for (let i = 0; i < segment.length; i++) {
    const [a = '', b = ''] = segment.slice(i + 1, i + 3);
    const isEscape = segment[i] === '%' && a !== '' && b !== '' && isHex(a) && isHex(b);
    text += isEscape ? String.fromCharCode(Number(`0x${a}${b}`)) : segment[i];
    if (isEscape) i += 2;
  }
  return text;
}

function naiveSegment(text: string): string {
  if (isId(text)) return '{id}';
  const point = text.lastIndexOf('.');
  const extension = text.slice(point + 1);
  const isExtension =
    point > 0 &&
    extension.length >= 1 &&
    extension.length <= 5 &&
    isLetter(extension[0] ?? '') &&
    [...extension].every((c) => isLetter(c) || isDigit(c));
  if (isExtension && isId(text.slice(0, point))) return `{id}.${extension}`;
  let encoded = '';
  for (const c of text) {
    const isKept = c > ' ' && c < '\x7f' && !'%/?#{}'.includes(c);
    encoded += isKept ? c : `%${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;
  }
  return encoded;
}

function isId(text: string): boolean {
  const all = [...text];
  if (text.length > 64) return true;
  const digits = all.filter(isDigit).length;
  const only = (signs: string, isAlso: (c: string) => boolean = isDigit) =>
    all.every((c) => isAlso(c) || signs.includes(c));
  const isAlphanumeric = (c: string) => isLetter(c) || isDigit(c);
  const uuid = text.split('-');
  if (uuid.map((part) => part.length).join() === '8,4,4,4,12' && uuid.join('').split('').every(isHex))
    return true;
  if (isAddress(text)) return true;
  if (digits === 0) return false;
  if (only('+-.,:_')) return true;
  if (text.length >= 8 && only('', isHex)) return true;
  if (text.length === 26 && '01234567'.includes(text[0] ?? 'x') && only('', isAlphanumeric)) {
    if (!all.some((c) => 'iloUILOu'.includes(c))) return true;
  }
  const isMixed = text !== text.toLowerCase() && text !== text.toUpperCase();
  if (text.length >= 16 && isMixed && only('+/=_-', isAlphanumeric)) return true;
  if (text.length >= 16 && digits >= 4 && only('', isAlphanumeric)) return true;
  const letters = all.filter(isLetter);
  const isYear = text.length >= 4 && all.slice(0, 4).every(isDigit);
  return isYear && digits >= 8 && letters.length <= 2 && only('+-.,:_TtZz');
}

function isAddress(text: string): boolean {
  const parts = text.split('@');
  if (parts.length !== 2 || parts[0] === '') return false;
  const point = (parts[1] ?? '').lastIndexOf('.');
  return point > 0 && point < (parts[1] ?? '').length - 1;
}
