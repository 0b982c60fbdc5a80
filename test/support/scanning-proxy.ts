/** A proxy that reads each answer as a client of every encoding and form can, and has it looked through. */

import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { readParquet } from './read-parquet.ts';

export interface SeenAnswer {
  /** As the client asked for it. */
  readonly path: string;
  readonly status: number;
  readonly encoding: string;
  readonly type: string;
  /** Headers and body, decoded. */
  readonly text: string;
  /** The body as text, or the rows that a reader of Parquet finds in it. */
  readonly rows: string;
}

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  identity: (body) => body,
  gzip: (body) => gunzipSync(body),
  br: (body) => brotliDecompressSync(body),
  zstd: (body) => zstdDecompressSync(body),
};

/**
 * Starts one in front of a server.
 * @param rewrite changes what is asked for. @param look sees every answer.
 * @returns where it listens.
 */
export async function scanningProxy(
  target: string,
  rewrite: (path: string) => string,
  look: (answer: SeenAnswer) => void,
): Promise<string> {
  const { hostname, port } = new URL(target);
  let asked = 0;
  const proxy = createServer((request, response) => {
    const path = rewrite(request.url ?? '');
    const wanted = Object.keys(DECODERS)[asked++ % 4] ?? 'identity';
    const headers = { ...request.headers, 'accept-encoding': wanted };
    const forwarded = httpRequest({ hostname, port, method: request.method, path, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => {
        const encoding = answer.headers['content-encoding'] ?? 'identity';
        const sent = Buffer.concat(pieces);
        const body = sent.length > 0 ? (DECODERS[encoding]?.(sent) ?? Buffer.alloc(0)) : sent;
        const { 'content-encoding': _, 'content-length': __, ...others } = answer.headers;
        seen(answer, body)
          .then((parts) => look({ ...parts, path, encoding }))
          // What cannot be read cannot be looked through.
          .catch((error: unknown) =>
            look({ path, encoding, status: 599, type: '', text: String(error), rows: '' }),
          )
          .finally(() => response.writeHead(answer.statusCode ?? 0, others).end(body));
      });
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close().closeAllConnections());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

async function seen({ statusCode: status = 0, headers, rawHeaders }: IncomingMessage, body: Buffer) {
  const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
  const isParquet = type === 'application/vnd.apache.parquet' && body.length > 0;
  const rows = isParquet ? JSON.stringify((await readParquet(body)).rows) : body.toString();
  return { status, type, text: [...rawHeaders, body.toString('latin1'), rows].join('\n'), rows };
}
