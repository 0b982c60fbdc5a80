/** Protects the server from overload. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { counted } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { EVENT_LOOP_RESOLUTION_MS, EVENT_LOOP_SAMPLE_MS, RATE_LIMIT_WINDOW_MS } from '../limits.ts';
import { clientAddress, networkOf } from './client-address.ts';
import type { NewLimit, Use } from './limits/client-limit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route that also answers while the event loop is late. */
    isAlwaysAnswered?: boolean;
    /** True for a route whose requests no rate limit counts. */
    isUncounted?: boolean;
  }
}

/**
 * Refuses requests while the event loop is late. The cost for an answer is too small to measure. (This is own code because
 * the plugin for it also opens a file to read the memory, and throws out of a timer if no descriptor is left.)
 * @param maxDelayMs bounds the mean delay over EVENT_LOOP_SAMPLE_MS.
 */
export function boundLoad(app: FastifyInstance, maxDelayMs: number): void {
  const delays = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  let isLate = false;
  let timer: NodeJS.Timeout | undefined;
  // Not before: schemas are compiled then, in one piece, and on a busy machine that is longer than a sample.
  app.addHook('onListen', async () => {
    delays.enable();
    timer = setInterval(() => {
      // The monitor measures the time between two samples. Without any sample, the loop stood still.
      const meanMs = delays.count === 0 ? Number.POSITIVE_INFINITY : delays.mean / 1e6;
      isLate = meanMs - EVENT_LOOP_RESOLUTION_MS > maxDelayMs;
      delays.reset();
    }, EVENT_LOOP_SAMPLE_MS).unref();
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const isRefused = isLate && !request.routeOptions.config.isAlwaysAnswered;
    done(isRefused ? new DaymarkError('OVERLOADED', 'The event loop is late.') : undefined);
  });
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    delays.disable();
    done();
  });
}

/**
 * Bounds the requests of each client, including those without a route and those that are refused: of a key from wherever they
 * come, and without a key of an address, or of an IPv6 network. @param perMinute 0 means no limit.
 */
export function boundRequestsOfClients(app: FastifyInstance, perMinute: number, newLimit: NewLimit): void {
  if (perMinute === 0) return;
  const limit = newLimit('requests', { max: perMinute, windowMs: RATE_LIMIT_WINDOW_MS });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.isUncounted) {
      done();
      return;
    }
    const use = limit.use(request.reader?.id || networkOf(clientAddress(request)));
    // A promise would cost each request a turn of the queue.
    if (use instanceof Promise) use.then((known) => done(judge(reply, perMinute, known)), done);
    else done(judge(reply, perMinute, use));
  });
}

/** Tells the client what it has left. @returns why it is refused; undefined where it may go on. */
function judge(reply: FastifyReply, perMinute: number, use: Use): DaymarkError | undefined {
  const { isAllowed, left, waitMs } = use;
  const waitS = Math.ceil(waitMs / 1000);
  reply.header('x-ratelimit-limit', perMinute);
  reply.header('x-ratelimit-remaining', left);
  reply.header('x-ratelimit-reset', waitS);
  if (isAllowed) return undefined;
  reply.header('retry-after', waitS);
  return new DaymarkError('RATE_LIMITED', `One client may send ${counted(perMinute, 'request')} a minute.`);
}
