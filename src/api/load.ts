/** What protects the server from more than it can do. */

import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { counted } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { EVENT_LOOP_SAMPLE_MS, RETRY_AFTER_S } from '../limits.ts';

class Overloaded extends DaymarkError {
  constructor() {
    super('OVERLOADED', 'The event loop is late.');
  }
}

/** Turns requests away while the event loop is late. Costs nothing that could be measured on an answer. */
export async function boundLoad(app: FastifyInstance, maxEventLoopDelay: number): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay,
    sampleInterval: EVENT_LOOP_SAMPLE_MS,
    customError: Overloaded,
    retryAfter: RETRY_AFTER_S,
  });
}

/** Counts the requests of each address, those for which there is no route included. @param perMinute 0: not at all. */
export async function boundRequestsOfAddresses(app: FastifyInstance, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: '1 minute',
    errorResponseBuilder: () =>
      new DaymarkError('RATE_LIMITED', `One address may send ${counted(perMinute, 'request')} a minute.`),
  });
}
