import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { CLOSE_GRACE_MS } from './http-limits.ts';

/**
 * Lets `close` end. Fastify and Node close the connections that have answered a request and idle; one on which
 * nothing was ever sent (browsers open those in advance) counts as busy for them and would hold `close` up for as
 * long as its client likes. It is closed at once; what is still being sent or received gets a last respite.
 *
 * @param graceMs how long that is.
 */
export function closeInTime(app: FastifyInstance, graceMs = CLOSE_GRACE_MS): void {
  const sockets = trackSockets(app.server);
  app.addHook('preClose', (done) => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    const deadline = setTimeout(() => app.server.closeAllConnections(), graceMs);
    app.server.once('close', () => clearTimeout(deadline));
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
