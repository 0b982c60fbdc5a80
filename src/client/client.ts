/**
 * A typed client of the API, for programs: `import { createClient } from 'daymark/client'`. Its types come from the OpenAPI
 * document. It runs wherever `fetch` is.
 */

import createFetchClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { components, paths } from './openapi.generated.ts';

/** The operations, and what they answer with. */
export type { components, paths };

type Schemas = components['schemas'];

/** How the API treated one customer on one day. */
export type DailyStats = Schemas['DailyStats'];

/** An error of the API (RFC 9457). New versions may add codes. */
export type Problem = Schemas['Problem'];

/** Methods by path. Each returns `data` or, for an error, `error`, beside the `response`. */
export type DaymarkClient = Client<paths, 'application/json' | 'application/problem+json'>;

export interface DaymarkClientOptions extends ClientOptions {
  /** Where the server is. */
  readonly baseUrl: string;
  /** A key, or a JWT, if the server needs one. It is sent with each request. A function is asked each time. */
  readonly key?: string | (() => string | Promise<string>) | undefined;
}

/** @param options the rest goes to `fetch` with each request, such as `headers`. */
export function createClient({ key, ...options }: DaymarkClientOptions): DaymarkClient {
  const client: DaymarkClient = createFetchClient(options);
  if (key !== undefined)
    client.use({
      onRequest: async ({ request }) => {
        const text = typeof key === 'function' ? await key() : key;
        request.headers.set('authorization', `Bearer ${text}`);
      },
    });
  return client;
}

/** Thrown by {@link dataOf}. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** Seconds after which it makes sense to ask again. Undefined if the server does not say. */
  readonly retryAfterS: number | undefined;

  constructor(problem: Problem, response: Response) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.problem = problem;
    const retryAfter = response.headers.get('retry-after');
    this.retryAfterS = retryAfter === null ? undefined : Number(retryAfter);
  }
}

interface Result<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The data of a result: `await dataOf(client.GET('/stats', …))`.
 * @throws {ProblemError} if the server answered with an error. What is no problem document, such as the page of a proxy,
 * becomes one with the code `HTTP_502` (its status).
 */
export async function dataOf<T>(result: Promise<Result<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await result;
  if (data !== undefined && data !== null) return data;
  throw new ProblemError(isProblem(error) ? error : problemOf(error, response), response);
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'title' in error;
}

function problemOf(error: unknown, { status, statusText }: Response): Problem {
  return {
    ...{ type: 'about:blank', title: statusText || `HTTP status ${status}`, status },
    ...{ detail: typeof error === 'string' ? error : '', code: `HTTP_${status}` },
  };
}
