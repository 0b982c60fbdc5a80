import type { FastifyInstance } from 'fastify';
import { CLOSE_POLL_MS } from '../limits.ts';
import type { Connections } from './connections.ts';

/**
 * Lets `close` end. Fastify and Node close the connections that are idle when it begins. Two kinds would hold it
 * up for as long as their clients like: those on which nothing was ever sent (browsers open some in advance),
 * which count as busy and are closed at once; and those that fall idle later, after the answer that was under
 * way, which are looked for. What is still being sent or received past the respite is cut off.
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
  // Runs when the server has closed.
  app.addHook('onClose', (_app, done) => {
    clearInterval(reaper);
    clearTimeout(deadline);
    done();
  });
}
