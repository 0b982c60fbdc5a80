/** Answers that a client may have already. */

import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** One tag of a list (RFC 9110, section 8.8.3). */
const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** @returns a strong tag, with its quotes: equal for equal bodies, and practically never for others. */
export function etagOf(body: string): string {
  return `"${hash('sha1', body, 'base64url')}"`;
}

/** Sends a body with its tag, or says with 304 that the client has it. The headers go with both. */
export function sendUnlessCurrent(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: { readonly body: string; readonly etag: string },
): FastifyReply {
  reply.header('etag', etag);
  return isCurrent(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(body);
}

/**
 * Whether a client has the answer already (RFC 9110, section 13.1.2): it says `*`, or a list in which the tag stands.
 * Tags are compared weakly.
 * @param ifNoneMatch the header; undefined where there is none.
 * @param etag undefined where the answer has none.
 */
export function isCurrent(ifNoneMatch: string | undefined, etag: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(ENTITY_TAG)].some(([, tag]) => tag === etag);
}
