import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { CLOSE_POLL_MS } from '../limits.ts';

/**
 * Lets `close` end. Fastify and Node close the connections that are idle when it begins. Two kinds would hold it
 * up for as long as their clients like: those on which nothing was ever sent (browsers open some in advance),
 * which count as busy and are closed at once; and those that fall idle later, after the answer that was under
 * way, which are looked for. What is still being sent or received past the respite is cut off.
 */
export function closeInTime(app: FastifyInstance, graceMs: number): void {
  const sockets = trackSockets(app.server);
  let reaper: NodeJS.Timeout;
  let deadline: NodeJS.Timeout;
  app.addHook('preClose', (done) => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    reaper = setInterval(() => app.server.closeIdleConnections(), CLOSE_POLL_MS);
    deadline = setTimeout(() => app.server.closeAllConnections(), graceMs);
    done();
  });
  // Runs when the server has closed.
  app.addHook('onClose', (_app, done) => {
    clearInterval(reaper);
    clearTimeout(deadline);
    done();
  });
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
