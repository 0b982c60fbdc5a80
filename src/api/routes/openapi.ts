import type { Api } from '../api.ts';

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
};

/** `GET /openapi.json`: the description of every route. */
export function addOpenApiRoute(api: Api): void {
  let document: string | undefined;
  api.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(api.swagger());
    return reply.headers(HEADERS).send(document);
  });
}
