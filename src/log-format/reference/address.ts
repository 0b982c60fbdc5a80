/** Addresses of clients, as servers write them. */

import { isHostName } from './text-kinds.ts';

/**
 * The address in a text, without a port, in one form for each address: IPv6 as RFC 5952 says (lower case, no leading zeros,
 * the longest run of zeros as `::`), and an IPv4 address in IPv6 (`::ffff:192.0.2.1`) as IPv4. So one client is one customer.
 *
 * Without `hasPort`, a port may follow an IPv4 address or brackets, and a host name or `unix:…` is taken as it is. What
 * could be an IPv6 address with a port or without one is refused if it is no address by itself. With `hasPort`, the last
 * `:` and digits are the port: HAProxy writes `2001:db8::17:33319`, and `unix:1` for a socket.
 * @param text byte text.
 * @returns undefined where it is none of these.
 */
export function addressIn(text: string, hasPort: boolean): string | undefined {
  const [, bracketed, bracketPort] = /^\[([^\]]*)\](:\d{1,5})?$/.exec(text) ?? [];
  if (bracketed !== undefined)
    return hasPort && bracketPort === undefined ? undefined : canonicalIpv6(bracketed);
  const [, beforePort = ''] = /^(.*):\d{1,5}$/s.exec(text) ?? [];
  if (hasPort) return beforePort === 'unix' ? beforePort : addressAlone(beforePort);
  const address = addressAlone(text) ?? canonicalIpv4(beforePort);
  return address ?? (isHostName(text) ? text : undefined);
}

function addressAlone(text: string): string | undefined {
  return canonicalIpv4(text) ?? canonicalIpv6(text);
}

/** Refuses leading zeros: some programs read `010` as 8. */
function canonicalIpv4(text: string): string | undefined {
  const parts = text.split('.');
  const isAddress =
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return isAddress ? text : undefined;
}

const IPV4_IN_IPV6 = [0, 0, 0, 0, 0, 0xffff];

function canonicalIpv6(text: string): string | undefined {
  const [, address = '', zone = ''] = /^([^%]*)(%[\w.-]+)?$/.exec(text) ?? [];
  const groups = groupsOf(address);
  if (!groups) return undefined;
  if (IPV4_IN_IPV6.every((group, i) => groups[i] === group)) {
    const [high = 0, low = 0] = groups.slice(6);
    return zone === '' ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : undefined;
  }
  return shortened(groups) + zone;
}

/** The eight numbers of an address. RFC 4291, section 2.2. */
function groupsOf(address: string): number[] | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [first, last] = halves.map((half, i) => groupsOfHalf(half, i === halves.length - 1));
  if (!first || (halves.length === 2 && !last)) return undefined;
  if (!last) return first.length === 8 ? first : undefined;
  const missing = 8 - first.length - last.length;
  return missing > 0 ? [...first, ...new Array(missing).fill(0), ...last] : undefined;
}

/** Groups with colons between them. Only the last half of an address can end with an IPv4 address. */
function groupsOfHalf(half: string, isLast: boolean): number[] | undefined {
  if (half === '') return [];
  const groups: number[] = [];
  const parts = half.split(':');
  for (const [i, part] of parts.entries()) {
    if (/^[\dA-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else if (isLast && i === parts.length - 1 && canonicalIpv4(part) !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
      groups.push((a << 8) | b, (c << 8) | d);
    } else return undefined;
  }
  return groups;
}

/** Writes the longest run of at least two zeros as `::`; of equal runs, the first. */
function shortened(groups: readonly number[]): string {
  let [start, length] = [-1, 1];
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === 0) to++;
    if (to - from > length) [start, length] = [from, to - from];
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (start < 0) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}
