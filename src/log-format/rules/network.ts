import type { Network } from './line-rules.ts';

const IPV4_BYTES = 4;
const GROUPS = 8;
/** The first bytes of an IPv4 address that is written as one of IPv6 (RFC 4291, section 2.5.5.2). */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Reads `10.0.0.0/8`, `2001:db8::/32` or one address. @returns undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [, written = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = bytesOf(written);
  if (!address) return undefined;
  const bits = Number(length ?? address.length * 8);
  return bits <= address.length * 8 ? { address, bits } : undefined;
}

/**
 * True if a text is an address of the network, with or without a port behind it: `192.0.2.9:443`, `[2001:db8::1]:443`.
 * @param hasPort true where there always is one: `2001:db8::17:3319` has the port 3319.
 */
export function isWithin({ address, bits }: Network, text: string, hasPort = false): boolean {
  const withoutPort = text.replace(/:\d+$/, '');
  const bytes = (hasPort ? undefined : bytesOf(text)) ?? bytesOf(withoutPort);
  if (bytes?.length !== address.length) return false;
  const whole = bits >> 3;
  const mask = 0xff00 >> (bits & 7);
  return (
    bytes.slice(0, whole).every((byte, i) => byte === address[i]) &&
    (((bytes[whole] ?? 0) ^ (address[whole] ?? 0)) & mask & 0xff) === 0
  );
}

/** The 4 or 16 bytes of an address. An IPv4 address in the form of IPv6 has 4. */
function bytesOf(text: string): readonly number[] | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%[\w.-]+$/, '');
  const bytes = ipv4BytesOf(bare) ?? ipv6BytesOf(bare);
  const isMapped = bytes?.length === 2 * GROUPS && MAPPED.every((byte, i) => byte === bytes[i]);
  return isMapped ? bytes.slice(MAPPED.length) : bytes;
}

function ipv4BytesOf(text: string): number[] | undefined {
  const parts = text.split('.');
  const isAddress = parts.length === IPV4_BYTES && parts.every((part) => /^\d{1,3}$/.test(part));
  const bytes = parts.map(Number);
  return isAddress && bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function ipv6BytesOf(text: string): number[] | undefined {
  const halves = withHexGroups(text).split('::');
  const [before = [], behind = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = GROUPS - before.length - behind.length;
  const isLengthRight = halves.length === 1 ? missing === 0 : halves.length === 2 && missing > 0;
  const groups = [...before, ...new Array(Math.max(0, missing)).fill('0'), ...behind];
  if (!isLengthRight || !groups.every((group) => /^[\dA-Fa-f]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff]);
}

/** Writes an IPv4 address at the end as two groups. */
function withHexGroups(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const bytes = at > 0 ? ipv4BytesOf(text.slice(at)) : undefined;
  if (!bytes) return text;
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return `${text.slice(0, at)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
