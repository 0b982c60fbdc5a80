/** Conditional requests: 304 where the client has the current answer. */

import { createHash, hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HASHED_CHARACTERS } from '../limits.ts';
import { encodingOf, sendEncoded } from './encoding.ts';
import { addVary } from './negotiation.ts';
import type { Body } from './rows-writer.ts';

/** One entity tag of a list (RFC 9110, section 8.8.3). */
const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** @returns a strong entity tag, with its quotes. Equal bodies have equal tags; others practically never do. */
export function etagOf(body: Body): string {
  return `"${hash('sha1', body, 'base64url')}"`;
}

/** The same for a body of any length: other requests have their turn while it is made. */
export async function etagOfLong(body: Body): Promise<string> {
  if (body.length <= HASHED_CHARACTERS) return etagOf(body);
  const sum = createHash('sha1');
  for (let at = 0; at < body.length; at += HASHED_CHARACTERS) {
    const end = at + HASHED_CHARACTERS;
    // UTF-8 would lose a character that lies in two pieces.
    if (typeof body === 'string') sum.update(body.slice(at, end), 'utf16le');
    else sum.update(body.subarray(at, end));
    await setImmediate();
  }
  return `"${sum.digest('base64url')}"`;
}

/** Sends a body with its tag, or 304 if the client has it. Both carry the headers of the reply. */
export function sendUnlessCurrent(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: { readonly body: Body; readonly etag: string },
): FastifyReply {
  const encoding = encodingOf(request, body.length);
  const tag = taggedAs(etag, encoding);
  reply.header('etag', tag);
  addVary(reply, 'Accept-Encoding');
  return isCurrent(request.headers['if-none-match'], tag)
    ? reply.code(304).send()
    : sendEncoded(reply, body, encoding);
}

/** The tag of an encoded body: a strong tag stands for the same bytes, so each encoding has its own. */
function taggedAs(etag: string, encoding: string): string {
  return encoding === 'identity' ? etag : `${etag.slice(0, -1)}-${encoding}"`;
}

/**
 * Whether a client already has the answer (RFC 9110, section 13.1.2): it sends `*`, or a list that contains the tag.
 * Tags are compared weakly.
 * @param ifNoneMatch the header, or undefined if there is none.
 * @param etag undefined if the answer has none.
 */
export function isCurrent(ifNoneMatch: string | undefined, etag: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(ENTITY_TAG)].some(([, tag]) => tag === etag);
}
