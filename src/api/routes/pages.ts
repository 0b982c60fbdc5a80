/** The pages for people: the start page and the documentation of the API. */

import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { Api } from '../api.ts';
import { etagOf, sendUnlessCurrent } from '../conditional.ts';
import { encodeStreams } from '../encoding.ts';
import { START_PAGE } from '../pages/start-page.ts';
import { STYLE } from '../pages/style.ts';

/** The hash of Swagger UI's only inline style. If a new version changes it, browsers ignore that style and nothing else. */
const SWAGGER_UI_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/** Allows only what this server sends, and nothing inline. Swagger UI shows icons from `data:` URLs. */
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
 * `GET /`, `/docs` and what they load. They have a scope of their own, because helmet's work for each answer would halve
 * the throughput of the API (from 24,000 to 11,600 requests a second).
 */
export async function addPages(api: Api): Promise<void> {
  await api.register(async (scope) => {
    // Swagger UI adds its own routes. None of these pages has a number of any customer.
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    encodeStreams(scope);
    await scope.register(helmet, {
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      // It would hold for all ports of the host, also for those that speak plain HTTP, such as METRICS_PORT.
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
