/** What people look at: the start page and the description of the API. */

import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { Api } from '../api.ts';
import { etagOf, sendUnlessCurrent } from '../conditional.ts';
import { START_PAGE } from '../pages/start-page.ts';
import { STYLE } from '../pages/style.ts';

/** The one style that Swagger UI puts inline. Where a new version has another, that one is ignored, and nothing else. */
const SWAGGER_UI_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/** Only what this server sends, and nothing inline. Swagger UI shows its icons from `data:` URLs. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", SWAGGER_UI_STYLE],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/**
 * `GET /`, `/docs` and what they load. In a scope of their own, because helmet's work for each answer would halve
 * the throughput of the API: 24,000 to 11,600 requests a second.
 */
export async function addPages(api: Api): Promise<void> {
  await api.register(async (scope) => {
    await scope.register(helmet, {
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      // For whoever ends TLS in front of this server to say: it speaks plain HTTP itself.
      strictTransportSecurity: false,
    });
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { layout: 'BaseLayout', defaultModelsExpandDepth: 1, tryItOutEnabled: true },
      theme: { title: 'daymark API' },
    });
    addAsset(scope, '/', 'text/html; charset=utf-8', START_PAGE);
    addAsset(scope, '/assets/daymark.css', 'text/css; charset=utf-8', STYLE);
  });
}

function addAsset(scope: Pick<Api, 'get'>, path: string, type: string, body: string): void {
  const etag = etagOf(body);
  scope.get(path, { schema: { hide: true } }, (request, reply) =>
    sendUnlessCurrent(request, reply.header('cache-control', 'no-cache').type(type), { body, etag }),
  );
}
