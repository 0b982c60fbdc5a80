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
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DaymarkError } from '../errors.ts';
import {
  ENCODER_WINDOW_LOG,
  MAX_ANSWERS_ENCODED_AT_ONCE,
  MAX_ENCODED_STREAMS,
  MIN_ENCODED_BYTES,
  STREAM_WAIT_MS,
} from '../limits.ts';
import { addVary, ENCODINGS, type Encoding, preferredEncoding, refusesIdentity } from './negotiation.ts';
import type { Body } from './rows-writer.ts';
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
  readonly whole: (body: Body) => Promise<Buffer>;
  readonly stream: () => Transform;
}

const [zstd, br, gz] = [promisify(zstdCompress), promisify(brotliCompress), promisify(gzip)];

const ENCODERS: Readonly<Record<Encoding, Encoder>> = {
  zstd: { whole: (body) => zstd(body, ZSTD), stream: () => createZstdCompress(ZSTD) },
  br: { whole: (body) => br(body, BROTLI), stream: () => createBrotliCompress(BROTLI) },
  gzip: { whole: (body) => gz(body), stream: () => createGzip() },
};

/** Of the whole process, as the thread pool and the memory are. */
const slots = new Slots(MAX_ANSWERS_ENCODED_AT_ONCE, 'encoding');
let streams = 0;

/**
 * @param length of the body, in bytes or characters. A streamed body counts as long.
 * @returns how an answer to this request is encoded.
 * @throws {DaymarkError} NOT_ACCEPTABLE if the client refuses every encoding and none.
 */
export function encodingOf(
  { raw }: FastifyRequest,
  length = Number.POSITIVE_INFINITY,
): Encoding | 'identity' {
  if (raw.headers['accept-encoding'] === undefined) return 'identity';
  const encoding = preferredEncoding(raw);
  if (encoding === undefined)
    throw new DaymarkError(
      'NOT_ACCEPTABLE',
      `Answers are encoded with ${ENCODINGS.join(', ')}, or not at all.`,
    );
  return length >= MIN_ENCODED_BYTES || refusesIdentity(raw) ? encoding : 'identity';
}

/** Sends a body with an encoding from {@link encodingOf}. A thread of Node's pool encodes it. */
export function sendEncoded(reply: FastifyReply, body: Body, encoding: Encoding | 'identity'): FastifyReply {
  if (encoding === 'identity') return reply.send(body);
  encodeWhole(body, encoding).then(
    (encoded) => reply.header('content-encoding', encoding).send(encoded),
    (error) => reply.send(error),
  );
  return reply;
}

async function encodeWhole(body: Body, encoding: Encoding): Promise<Buffer> {
  await slots.take(STREAM_WAIT_MS);
  return ENCODERS[encoding].whole(body).finally(() => slots.release());
}

/**
 * Encodes a stream piece by piece, and gives the reply its `Content-Encoding`. A stream that breaks off lacks the end mark of
 * its encoding, so no client takes it for a whole one.
 * @returns the stream to send: the same one if the client wants it so, or if too many are encoded already.
 */
export function encodedStream(
  reply: FastifyReply,
  body: Readable,
  encoding: Encoding | 'identity',
): Readable {
  if (encoding === 'identity' || streams >= MAX_ENCODED_STREAMS) return body;
  streams++;
  reply.header('content-encoding', encoding).removeHeader('content-length');
  return pipeline(body, ENCODERS[encoding].stream(), () => {
    streams--;
  });
}

/**
 * Encodes what plugins send as streams of text, such as the files of Swagger UI. Other routes call the functions above: a
 * hook would take a twentieth of the time of a short answer.
 */
export function encodeStreams(app: Pick<FastifyInstance, 'addHook'>): void {
  app.addHook<unknown>('onSend', (request, reply, body, done) => {
    const isText = COMPRESSIBLE.test(String(reply.getHeader('content-type')));
    if (!(body instanceof Readable && reply.statusCode === 200 && isText)) return done(null, body);
    addVary(reply, 'Accept-Encoding');
    return done(null, encodedStream(reply, body, encodingOf(request)));
  });
}
