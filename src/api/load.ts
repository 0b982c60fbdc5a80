/** What protects the server from more than it can do. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { DaymarkError } from '../errors.ts';
import { EVENT_LOOP_RESOLUTION_MS, EVENT_LOOP_SAMPLE_MS } from '../limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route that answers also while the event loop is late. */
    isAlwaysAnswered?: boolean;
  }
}

/**
 * Turns requests away while the event loop is late. Costs nothing that could be measured on an answer. (By hand: the
 * plugin for it also looks at the memory, which opens a file, and throws out of a timer where no descriptor is left.)
 * @param maxDelayMs of the mean over EVENT_LOOP_SAMPLE_MS.
 */
export function boundLoad(app: FastifyInstance, maxDelayMs: number): void {
  const delays = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  delays.enable();
  let isLate = false;
  const timer = setInterval(() => {
    // What is measured is the time between two looks. Without one, the loop stood still.
    const meanMs = delays.count === 0 ? Number.POSITIVE_INFINITY : delays.mean / 1e6;
    isLate = meanMs - EVENT_LOOP_RESOLUTION_MS > maxDelayMs;
    delays.reset();
  }, EVENT_LOOP_SAMPLE_MS).unref();
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

/** Counts the requests of each address, those for which there is no route included. @param perMinute 0: not at all. */
export async function boundRequestsOfAddresses(app: FastifyInstance, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: '1 minute',
    errorResponseBuilder: () =>
      new DaymarkError('RATE_LIMITED', `One address may send ${perMinute} requests a minute.`),
  });
}
