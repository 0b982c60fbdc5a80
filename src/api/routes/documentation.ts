/** The documentation of the API for people, `/docs`. */

import helmet from '@fastify/helmet';
import swaggerUi from '@fastify/swagger-ui';
import type { Api } from '../api.ts';
import { encodeStreams } from '../encoding.ts';
import { helmetOptions, SAME_SERVER_ONLY } from '../page-policy.ts';

/** The hash of Swagger UI's only inline style. If a new version changes it, browsers ignore that style and nothing else. */
const SWAGGER_UI_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/** Swagger UI shows icons from `data:` URLs. */
const POLICY = {
  ...SAME_SERVER_ONLY,
  styleSrc: ["'self'", SWAGGER_UI_STYLE],
  imgSrc: ["'self'", 'data:'],
};

/**
 * `GET /docs` and what it loads. It has a scope of its own, because helmet's work for each answer would halve the throughput
 * of the API (from 24,000 to 11,600 requests a second).
 */
export async function addDocumentation(api: Api): Promise<void> {
  await api.register(async (scope) => {
    // Swagger UI adds its own routes. None of these pages has a number of any customer.
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    encodeStreams(scope);
    await scope.register(helmet, helmetOptions(POLICY));
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { layout: 'BaseLayout', defaultModelsExpandDepth: 1, tryItOutEnabled: true },
      theme: { title: 'daymark API' },
      // This layout shows none. Without it, Swagger UI would read its own from a file.
      logo: { type: 'image/svg+xml', content: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
    });
  });
}
