/** Which forms of an answer a client accepts (RFC 9110, section 12). */

import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import Negotiator from 'negotiator';

/** The encodings of answers. Of those that a client likes equally, the first is taken: it costs the least time. */
export const ENCODINGS = ['zstd', 'br', 'gzip'] as const;

export type Encoding = (typeof ENCODINGS)[number];

type Message = Pick<IncomingMessage, 'headers'>;

/**
 * @returns the encoding that a client likes best: `identity` if it names none that the server has, undefined if it
 * refuses all, `identity` included.
 */
export function preferredEncoding(request: Message): Encoding | 'identity' | undefined {
  return preferredOf(request, ENCODINGS, [...ENCODINGS, 'identity']);
}

/**
 * @param order which one to take of those that a client likes equally.
 * @returns the one that a client likes best; undefined if it refuses all.
 */
export function preferredOf<T extends string>(
  request: Message,
  order: readonly T[],
  available: readonly (T | 'identity')[],
): T | 'identity' | undefined {
  if (!request.headers['accept-encoding']) return 'identity';
  // The types of the package lack `preferred`.
  const negotiator = new Negotiator(request) as unknown as {
    encoding(available: readonly string[], options: object): T | 'identity' | undefined;
  };
  return negotiator.encoding(available, { preferred: order });
}

/** True if a client does not accept an answer as it is (`identity;q=0`, or `*;q=0`). */
export function refusesIdentity(request: Message): boolean {
  const header = request.headers['accept-encoding'];
  return header?.includes(';') === true && !new Negotiator(request).encodings(['identity']).length;
}

/** Parameters of media types but the quality, such as `charset=utf-8`: no form of an answer differs by them. */
const PARAMETERS = /;\s*(?!q\s*=)[^;,"]*(?:"[^"]*")?[^;,"]*/gi;

/**
 * @param available media types without parameters.
 * @returns the media type that a client likes best: the first if it says nothing, undefined if it accepts none of them.
 */
export function preferredMediaType<T extends string>(
  { headers: { accept } }: Message,
  available: readonly T[],
): T | undefined {
  if (!accept?.trim()) return available[0];
  const negotiator = new Negotiator({ headers: { accept: accept.replace(PARAMETERS, '') } });
  return negotiator.mediaType(available) as T | undefined;
}

/** Adds a request header on which the answer depends to `Vary`, so that caches tell the forms of an answer apart. */
export function addVary(reply: FastifyReply, name: string): void {
  const before = reply.getHeader('vary');
  reply.header('vary', before === undefined ? name : `${before}, ${name}`);
}
