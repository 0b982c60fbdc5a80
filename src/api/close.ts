import type { FastifyInstance } from 'fastify';
import { CLOSE_POLL_MS } from '../limits.ts';
import type { Connections } from './connections.ts';

/**
 * Bounds the time that `close` takes. Fastify and Node close the connections that are idle when it begins. Clients could
 * keep two other kinds open. Connections on which nothing was ever sent count as busy (browsers open some in advance):
 * they are closed at once. Connections that become idle after their last answer are found by polling. After the grace
 * period all others are cut off.
 */
export function closeInTime(app: FastifyInstance, connections: Connections, graceMs: number): void {
  let reaper: NodeJS.Timeout;
  let deadline: NodeJS.Timeout;
  app.addHook('preClose', (done) => {
    connections.closeUnused();
    reaper = setInterval(() => connections.closeIdle(), CLOSE_POLL_MS);
    deadline = setTimeout(() => connections.closeAll(), graceMs);
    done();
  });
  // This runs after the server has closed.
  app.addHook('onClose', (_app, done) => {
    clearInterval(reaper);
    clearTimeout(deadline);
    done();
  });
}
