/** The address of the client, in the words of any server. */

import type { CustomerStep, FieldElement } from '../format.ts';

/**
 * Names of fields that hold the address of the client, in lower case and without the signs of their dialects; the best
 * first, for lines with several. Those of nginx, Apache, AWS, Envoy, Traefik, Caddy, HAProxy, W3C and others.
 */
const ADDRESS_NAMES = [
  ...['client_ip', 'request.client_ip', 'remote_addr', 'remote_ip', 'request.remote_ip', 'clienthost'],
  ...['client:port', 'client_addr', 'clientip', 'c-ip', 'httprequest.remoteip'],
  ...['downstream_remote_address_without_port', 'downstream_remote_address'],
  ...['downstream_direct_remote_address_without_port', 'downstream_direct_remote_address'],
  ...['clientaddr', 'request.remote_addr'],
];

/** The same, but as the name of a key or a column they can mean something else. */
const SHORT_NAMES = ['client', 'h', 'a', 'ci', 'src'];

const CLIENT_NAMES: readonly string[] = [...ADDRESS_NAMES, ...SHORT_NAMES];

/** Keys of JSON and logfmt under which products write it, the best first. */
export const CLIENT_KEYS = [
  ...['client_ip', 'request.client_ip', 'remote_addr', 'remote_ip', 'request.remote_ip'],
  ...['ClientHost', 'ClientIP', 'httpRequest.remoteIp', 'downstream_remote_address', 'ClientAddr'],
];

/** True where a name means the address of the client. @param plain in lower case, without signs. */
export function isClientName(plain: string): boolean {
  return CLIENT_NAMES.includes(plain);
}

/** The best of several fields. @param plainNames in lower case, without signs. @returns its index; -1 where none is there. */
export function bestClientField(plainNames: readonly (string | undefined)[]): number {
  const ranks = plainNames.map((name) => (name === undefined ? -1 : CLIENT_NAMES.indexOf(name)));
  const best = Math.min(...ranks.filter((rank) => rank >= 0));
  return ranks.indexOf(best);
}

/**
 * How to take the address out of a field; undefined where the field may hold something else.
 * @param plain its name in lower case, without signs. A name that ends with `:port` says that there always is a port.
 */
export function addressStepFor(
  plain: string,
  { text }: Pick<FieldElement, 'text'>,
): CustomerStep | undefined {
  if (plain.endsWith(':port')) return { kind: 'address', hasPort: true };
  return text === 'host' || ADDRESS_NAMES.includes(plain) ? { kind: 'address', hasPort: false } : undefined;
}
