/** Compresses answers for clients that accept it, off the event loop. */

import { pipeline, Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  zstdCompress,
} from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { DaymarkError } from '../errors.ts';
import {
  ENCODER_WINDOW_LOG,
  MAX_ANSWERS_ENCODED_AT_ONCE,
  MAX_ENCODED_STREAMS,
  MIN_ENCODED_BYTES,
  STREAM_WAIT_MS,
} from '../limits.ts';
import { addVary, ENCODINGS, type Encoding, preferredEncoding, refusesIdentity } from './negotiation.ts';
import { Slots } from './slots.ts';

/** Media types that compress well. Images are compressed already. */
const COMPRESSIBLE = /^text\/|json|javascript|xml/;

/** Quality 4 takes a tenth of the time of the default, 11, for nearly the same size. */
const BROTLI = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_LGWIN]: ENCODER_WINDOW_LOG,
  },
};
const ZSTD = { params: { [constants.ZSTD_c_windowLog]: ENCODER_WINDOW_LOG } };

interface Encoder {
  /** Runs in a thread of Node's pool. */
  readonly whole: (body: string | Buffer) => Promise<Buffer>;
  readonly stream: () => Transform;
}

const [zstd, br, gz] = [promisify(zstdCompress), promisify(brotliCompress), promisify(gzip)];

const ENCODERS: Readonly<Record<Encoding, Encoder>> = {
  zstd: { whole: (body) => zstd(body, ZSTD), stream: () => createZstdCompress(ZSTD) },
  br: { whole: (body) => br(body, BROTLI), stream: () => createBrotliCompress(BROTLI) },
  gzip: { whole: (body) => gz(body), stream: () => createGzip() },
};

/**
 * @param length of the body, in bytes or characters. A streamed body counts as long.
 * @returns how an answer to this request is encoded.
 */
export function encodingOf(
  request: FastifyRequest,
  length = Number.POSITIVE_INFINITY,
): Encoding | 'identity' {
  // A client that refuses everything never gets here.
  const encoding = preferredEncoding(request) ?? 'identity';
  return length >= MIN_ENCODED_BYTES || refusesIdentity(request) ? encoding : 'identity';
}

/**
 * Encodes answers by `Accept-Encoding`: whole ones in a thread of Node's pool, streamed ones piece by piece. A stream that
 * breaks off lacks the end mark of its encoding, so no client takes it for a whole one. Problem documents stay as they are.
 */
export function encodeAnswers(app: FastifyInstance): void {
  const slots = new Slots(MAX_ANSWERS_ENCODED_AT_ONCE);
  let streams = 0;

  async function encodeWhole(body: string | Buffer, encoding: Encoding): Promise<Buffer> {
    await slots.take(STREAM_WAIT_MS);
    return ENCODERS[encoding].whole(body).finally(() => slots.release());
  }

  /** @returns undefined if too many streams are encoded already. */
  function encodeStream(body: Readable, encoding: Encoding): Readable | undefined {
    if (streams >= MAX_ENCODED_STREAMS) return undefined;
    streams++;
    return pipeline(body, ENCODERS[encoding].stream(), () => {
      streams--;
    });
  }

  app.addHook('onRequest', refuseUnacceptable);
  app.addHook<unknown>('onSend', (request, reply, body, done) => {
    addVary(reply, 'Accept-Encoding');
    if (!isEncodable(reply, body)) return done(null, body);
    const isStream = body instanceof Readable;
    const encoding = encodingOf(request, isStream ? undefined : body.length);
    if (encoding === 'identity') return done(null, body);
    const sendEncoded = (encoded: Readable | Buffer) => {
      reply.header('content-encoding', encoding).removeHeader('content-length');
      done(null, encoded);
    };
    if (!isStream) encodeWhole(body, encoding).then(sendEncoded, done);
    else {
      const encoded = encodeStream(body, encoding);
      if (encoded) sendEncoded(encoded);
      else done(null, body);
    }
    return undefined;
  });
}

function isEncodable(reply: FastifyReply, body: unknown): body is string | Buffer | Readable {
  const isBody = typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Readable;
  // A body that is a part of another (206) is of the unencoded bytes.
  return (
    isBody &&
    reply.statusCode === 200 &&
    !reply.hasHeader('content-encoding') &&
    COMPRESSIBLE.test(String(reply.getHeader('content-type')))
  );
}

const refuseUnacceptable: onRequestHookHandler = (request, _reply, done) => {
  const isRefused = refusesIdentity(request) && preferredEncoding(request) === undefined;
  done(
    isRefused
      ? new DaymarkError('NOT_ACCEPTABLE', `Answers are encoded with ${ENCODINGS.join(', ')}, or not at all.`)
      : undefined,
  );
};
