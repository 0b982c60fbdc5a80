/** For supervisors: is the process up, and can it answer? */

import { Type } from 'typebox';
import type { Store } from '../../store/contract.ts';
import type { Api } from '../api.ts';
import { problemResponses } from '../problem.ts';

/** A supervisor's own questions are neither counted nor, about life, turned away: it would kill what is only busy. */
const ALWAYS = { rateLimit: false, pressureHandler: () => undefined };
const UNCOUNTED = { rateLimit: false };

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

const status = (word: string) =>
  Type.Object(
    { status: Type.String({ enum: [word], description: 'Always the same.' }) },
    { description: 'Yes.' },
  );

/** `GET /health/live` and `GET /health/ready`. */
export function addHealthRoutes(api: Api, store: Store): void {
  api.get(
    '/health/live',
    {
      config: ALWAYS,
      schema: {
        operationId: 'isLive',
        summary: 'Is the process up?',
        tags: ['Health'],
        response: { 200: status('live') },
      },
    },
    async (_request, reply) => reply.headers(HEADERS).send({ status: 'live' }),
  );
  api.get(
    '/health/ready',
    {
      config: UNCOUNTED,
      schema: {
        operationId: 'isReady',
        summary: 'Can it answer?',
        description: 'Whether the store can be reached and has the schema of this daymark.',
        tags: ['Health'],
        response: { 200: status('ready'), ...NOT_READY },
      },
    },
    async (_request, reply) => {
      await store.checkSchema();
      return reply.headers(HEADERS).send({ status: 'ready' });
    },
  );
}

const NOT_READY = problemResponses(
  'STORE_UNREACHABLE',
  'STORE_BUSY',
  'STORE_CORRUPT',
  'STORE_FAILED',
  'STORE_ENCODING',
  'SCHEMA_MISSING',
  'SCHEMA_OLDER',
  'SCHEMA_NEWER',
  'OVERLOADED',
  'INTERNAL',
);
