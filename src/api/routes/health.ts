/** Liveness and readiness, for supervisors. */

import { Type } from 'typebox';
import { ERRORS, type ErrorCode } from '../../errors.ts';
import type { Api } from '../api.ts';
import { sendProblem } from '../error-answers.ts';
import { type Problem, problemOf, problemResponses } from '../problem.ts';
import type { StatsReader } from '../stats-reader.ts';

/** What the pipeline in the same process waits for. */
export interface WaitsFor {
  readonly code: ErrorCode;
  /** In ms since 1970. */
  readonly sinceMs: number;
}

/** Health checks have no rate limit. Liveness also answers under load: a supervisor would kill a busy process. */
const UNCOUNTED = { access: 'public', isUncounted: true } as const;
const ALWAYS = { ...UNCOUNTED, isAlwaysAnswered: true };

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

const status = (word: string) =>
  Type.Object(
    { status: Type.String({ enum: [word], description: 'Always the same.' }) },
    { description: 'Yes.' },
  );

/** `GET /health/live` and `GET /health/ready`. @param waitsFor returns undefined if the pipeline waits for nothing. */
export function addHealthRoutes(
  api: Api,
  store: Pick<StatsReader, 'checkSchema'>,
  waitsFor: () => WaitsFor | undefined,
): void {
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
        description:
          'Whether the store can be reached and has the schema of this daymark, and the reading of logs, where this program does that, waits for nothing.',
        tags: ['Health'],
        response: { 200: status('ready'), ...NOT_READY },
      },
    },
    async (_request, reply) => {
      const waiting = waitsFor();
      if (waiting) return sendProblem(reply, problemOfWaiting(waiting));
      await store.checkSchema();
      return reply.headers(HEADERS).send({ status: 'ready' });
    },
  );
}

function problemOfWaiting({ code, sinceMs }: WaitsFor): Problem {
  return { ...problemOf(code, ERRORS[code].advice), waiting_since: new Date(sinceMs).toISOString() };
}

const NOT_READY = problemResponses(
  'STORE_UNREACHABLE',
  'STORE_REFUSED',
  'STORE_UNWRITABLE',
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
