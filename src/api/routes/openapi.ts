import type { Api } from '../api.ts';
import { etagOf, sendUnlessCurrent } from '../conditional.ts';

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
};

/** `GET /openapi.json`: describes every route. */
export function addOpenApiRoute(api: Api): void {
  let document: { readonly body: string; readonly etag: string } | undefined;
  api.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, (request, reply) => {
    document ??= documentOf(api);
    return sendUnlessCurrent(request, reply.headers(HEADERS), document);
  });
}

function documentOf(api: Api) {
  const body = JSON.stringify(api.swagger());
  return { body, etag: etagOf(body) };
}
