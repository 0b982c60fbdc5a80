/**
 * In the single executable, this stands in the place of `@fastify/static` (`scripts/executable.ts`), which Swagger UI gives its
 * folder to: there is no folder. The files are in the executable, and each has a route of its own.
 */

import type { FastifyInstance } from 'fastify';
import { senderOf } from '../../api/routes/page.ts';
import { readServedFiles } from './page-files.ts';

/** Fastify puts the prefix that Swagger UI names before these paths. */
export default async function embeddedStatic(scope: FastifyInstance): Promise<void> {
  for (const [name, file] of readServedFiles('swagger-ui'))
    scope.get(`/${name}`, { schema: { hide: true } }, senderOf(file, 'public, max-age=0'));
}
