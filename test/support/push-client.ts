/** Clients that hand in lines and log records over HTTP. */

import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Request } from './oracle.ts';
import { lineOf } from './random-log.ts';

export interface PushRequest {
  readonly path: '/v1/ingest' | '/v1/logs';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const ENCODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
};

export const ENCODINGS: readonly string[] = Object.keys(ENCODERS);

function encoded(text: string | Buffer, encoding: string) {
  const bytes = ENCODERS[encoding]?.(Buffer.from(text)) ?? Buffer.from(text);
  return {
    body: new Uint8Array(bytes),
    headers: encoding === 'identity' ? {} : { 'content-encoding': encoding },
  };
}

/** A push of lines. */
export function linesPush(text: string | Buffer, key: string, encoding = 'identity'): PushRequest {
  const { body, headers } = encoded(text, encoding);
  return {
    path: '/v1/ingest',
    headers: { 'content-type': 'text/plain', 'idempotency-key': key, ...headers },
    body,
  };
}

/** An export of log records, without a key, as collectors send it. */
export function logsPush(request: object, encoding = 'identity'): PushRequest {
  const { body, headers } = encoded(JSON.stringify(request), encoding);
  return { path: '/v1/logs', headers: { 'content-type': 'application/json', ...headers }, body };
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const whole = (key: string, intValue: string | number) => ({ key, value: { intValue } });
const real = (key: string, doubleValue: number) => ({ key, value: { doubleValue } });

/** A log record with the names of the semantic conventions. */
export function recordOf({ eventTimeMs, customerId, status, durationUs }: Request) {
  return {
    timeUnixNano: `${eventTimeMs}000000`,
    severityText: 'INFO',
    body: { stringValue: 'request' },
    attributes: [
      text('customer.id', customerId),
      whole('http.response.status_code', String(status)),
      text('url.path', '/api/v1/resource1'),
      text('http.request.method', 'GET'),
      ...(durationUs < 0 ? [] : [real('http.server.request.duration', durationUs / 1e6)]),
    ],
  };
}

export function exportOf(logRecords: readonly object[], resource: readonly object[] = []): object {
  return {
    resourceLogs: [
      { resource: { attributes: resource }, scopeLogs: [{ scope: { name: 'requests' }, logRecords }] },
    ],
  };
}

export const linesOf = (requests: readonly Request[]): string =>
  requests.map((request) => `${lineOf(request)}\n`).join('');

export interface PushAnswered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Sends it once. @throws where no whole answer comes. */
export async function send(url: string, push: PushRequest, headers: object = {}): Promise<PushAnswered> {
  const response = await fetch(url + push.path, {
    method: 'POST',
    headers: { ...push.headers, ...headers },
    body: push.body,
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}
