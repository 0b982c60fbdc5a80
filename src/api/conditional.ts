/** Conditional requests: 304 where the client has the current answer. */

import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodingOf, sendEncoded } from './encoding.ts';
import { addVary } from './negotiation.ts';

/** One entity tag of a list (RFC 9110, section 8.8.3). */
const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** @returns a strong entity tag, with its quotes. Equal bodies have equal tags; others practically never do. */
export function etagOf(body: string): string {
  return `"${hash('sha1', body, 'base64url')}"`;
}

/** Sends a body with its tag, or 304 if the client has it. Both carry the headers of the reply. */
export function sendUnlessCurrent(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: { readonly body: string; readonly etag: string },
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
