/** The HTTP server over TLS. */

import { constants } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { TLS_HANDSHAKE_TIMEOUT_MS } from '../limits.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type Connections, carrierOf } from './connections.ts';
import { problemOf } from './problem.ts';

/** A certificate with its chain, and its key, as PEM. */
export interface CertifiedKey {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** The end of the certificate, in ms since 1970. */
  readonly notAfterMs: number;
  /** The SHA-256 of the certificate, in hexadecimal digits. */
  readonly fingerprint: string;
}

const SECURE_OPTIONS = {
  // Whatever the command line of Node allows.
  minVersion: 'TLSv1.2',
  // A client could let the server compute signatures without end.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const;

/** @throws what OpenSSL has against a certificate or its key. */
export function assertServable({ cert, key }: CertifiedKey): void {
  createSecureContext({ ...SECURE_OPTIONS, cert, key });
}

/**
 * Creates a server for HTTPS. Each connection gets the certificate that is current when it begins, and keeps it.
 * @param current the same object until the certificate changes. It must have passed {@link assertServable}.
 */
export function createTlsServer(
  options: ServerOptions,
  handler: RequestListener,
  connections: Connections,
  current: () => CertifiedKey,
): Server {
  let used = current();
  const contextOf = ({ cert, key }: CertifiedKey) => ({ ...SECURE_OPTIONS, cert, key });
  const server = createServer(
    {
      ...options,
      ...contextOf(used),
      handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS,
      ALPNProtocols: ['http/1.1'],
    },
    handler,
  );
  server.prependListener('connection', () => {
    const now = current();
    if (now === used) return;
    used = now;
    server.setSecureContext(contextOf(now));
  });
  // Node's own listener hands the error to those who answer broken requests in HTTP.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const reason = reasonOf(error.code);
    connections.noteFailedHandshake(reason);
    if (reason === 'plain_http') tellToUseTls(connections, socket);
    else socket.destroy();
  });
  return server;
}

/** Why a handshake failed: a label of a metric, so there are only a few. */
function reasonOf(code = ''): string {
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'plain_http';
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'timeout';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'closed';
  // What the client has against the certificate, or against the rest.
  return code.includes('_ALERT_') ? 'client_alert' : 'protocol';
}

/** The client understands HTTP, and its key has already been sent in clear text. It gets no other answer. */
function tellToUseTls(connections: Connections, socket: TLSSocket): void {
  const problem = problemOf('BAD_REQUEST', 'This port speaks HTTPS: ask for an https:// URL.');
  connections.refuse(carrierOf(socket), problem);
}

/** Shows when the certificate ends. */
export function showCertificate(metrics: Metrics, current: () => CertifiedKey): void {
  const notAfter = metrics.gauge('daymark_tls_certificate_not_after_seconds');
  metrics.onScrape(() => {
    const { fingerprint, notAfterMs } = current();
    notAfter.reset();
    notAfter.set({ fingerprint }, notAfterMs / 1000);
  });
}
