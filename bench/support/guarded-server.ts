/**
 * The API as `daymark serve` runs it, with the hooks of a production server: request ids, metrics, and a guard.
 * Run as a program: `DATA_DIR`, `HOST` and `PORT` say what to serve and where.
 */
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildApp } from '../../src/api/app.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';

const ALLOWED_ADDRESSES = new Set(['127.0.0.1']);

/** Upper bounds of the buckets of the duration histogram. */
const BUCKETS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, Number.POSITIVE_INFINITY];

/** Counts requests by route and status, and their durations by bucket. */
class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = BUCKETS_MS.map(() => 0);

  note(route: string, status: number, durationMs: number): void {
    const key = `${route} ${status}`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    this.#durations[BUCKETS_MS.findIndex((boundMs) => durationMs <= boundMs)]!++;
  }
}

function addHooks(app: FastifyInstance): void {
  const metrics = new Metrics();
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (ALLOWED_ADDRESSES.has(request.ip)) done();
    else reply.code(403).send();
  });
  app.addHook('onResponse', (request, reply, done) => {
    metrics.note(request.routeOptions.url ?? '', reply.statusCode, reply.elapsedTime);
    done();
  });
}

const { DATA_DIR = '', HOST = '127.0.0.1', PORT } = process.env;
const store = await openSqliteStore({ dataDir: DATA_DIR, readOnly: true });
const app = await buildApp({ store, addHooks, logger: pino({ level: 'warn' }) });
process.once('SIGTERM', () => void app.close().then(() => store.close()));
await app.listen({ host: HOST, port: Number(PORT) });
