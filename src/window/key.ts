import type { WindowKey } from './types.ts';

/** The order of keys in every store: by the UTF-8 bytes of the customer id, then by date. */
export function compareKeys(a: WindowKey, b: WindowKey): number {
  return compareUtf8(a.customerId, b.customerId) || (a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
}

/**
 * Compares strings by their UTF-8 bytes, which is the order of code points. JavaScript compares UTF-16 units, where
 * surrogates (code points from U+10000 on) come before U+E000 to U+FFFF. So units from U+D800 on are moved before
 * they are compared.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? codePointRank(x) - codePointRank(y) : x - y;
  }
  return a.length - b.length;
}

function codePointRank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
