/** The page: one document for all views, and the files that it loads. It gets its numbers from the API, like any client. */

import helmet from '@fastify/helmet';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../api.ts';
import { etagOf, isCurrent } from '../conditional.ts';
import { addVary, preferredOf } from '../negotiation.ts';
import { helmetOptions, SAME_SERVER_ONLY } from '../page-policy.ts';

/** A file in each encoding in which the build wrote it. */
export interface PageFile {
  readonly type: string;
  readonly bodies: Readonly<{ identity: Buffer; br?: Buffer; gzip?: Buffer }>;
}

/** The files by their paths in the build. Names in `assets/` hold a hash of the content. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** The addresses of the views. All get the same document, which shows the view of its address. */
const VIEWS = ['/', '/customer', '/day', '/report', '/endpoints', '/endpoint', '/sources'] as const;

/** The same document, for a frame of another site. */
const EMBED = '/embed';

const DOCUMENT = 'index.html';

/** A file with this name never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The page sends no form, and makes no HTML out of text but what Svelte compiled. Only {@link EMBED} may stand in a frame. */
const POLICY = {
  ...SAME_SERVER_ONLY,
  formAction: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['svelte-trusted-html'],
};

/**
 * Each file has a route of its own, so no path leads to any other file. No key is needed: none of them has a number of any
 * customer.
 * @param ancestors the origins whose pages may show {@link EMBED} in a frame. Without any, it is not there.
 */
export async function addPage(api: Api, files: PageFiles, ancestors: readonly string[] = []): Promise<void> {
  await api.register(async (scope) => {
    await scope.register(helmet, helmetOptions(POLICY));
    for (const [path, file] of files) {
      const paths = path === DOCUMENT ? VIEWS : [`/${path}`];
      const send = senderOf(file, path.startsWith('assets/') ? FOR_EVER : 'no-cache');
      for (const url of paths) scope.get(url, ROUTE, send);
    }
  });
  const document = files.get(DOCUMENT);
  if (!document || ancestors.length === 0) return;
  await api.register(async (scope) => {
    // `X-Frame-Options` knows no list of origins, and browsers follow `frame-ancestors` where both are there.
    await scope.register(helmet, {
      ...helmetOptions({ ...POLICY, frameAncestors: ancestors }),
      ...{ xFrameOptions: false, crossOriginResourcePolicy: { policy: 'cross-origin' } },
    });
    scope.get(EMBED, ROUTE, senderOf(document, 'no-cache'));
  });
}

const ROUTE = { config: { access: 'public' }, schema: { hide: true } } as const;

/** @returns what answers with a file, in the encoding that the client prefers. */
export function senderOf({ type, bodies }: PageFile, cacheControl: string) {
  const encodings = Object.keys(bodies) as (keyof typeof bodies)[];
  const etags = new Map(encodings.map((encoding) => [encoding, etagOf(bodies[encoding] as Buffer)]));
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const encoding = preferredOf(request.raw, ['br', 'gzip'] as const, encodings) ?? 'identity';
    const etag = etags.get(encoding) as string;
    addVary(reply.headers({ etag, 'cache-control': cacheControl }).type(type), 'Accept-Encoding');
    if (isCurrent(request.headers['if-none-match'], etag)) return reply.code(304).send();
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    return reply.send(bodies[encoding]);
  };
}
