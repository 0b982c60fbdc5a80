/** The content of what was handed in over HTTP. */

import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  type InputType,
  inflateSync,
  type ZlibOptions,
  zstdDecompressSync,
} from 'node:zlib';
import { DaymarkError } from '../../errors.ts';
import { MAX_PUSH_BYTES, MAX_PUSH_WINDOW_LOG } from '../../limits.ts';

/** How a body may be compressed: names of `Content-Encoding`. */
export const PUSH_ENCODINGS = ['gzip', 'zstd', 'deflate', 'br'] as const;

export type PushEncoding = (typeof PUSH_ENCODINGS)[number] | 'identity';

/** With `info`, a decoder says how far it read, too. */
type Decoded = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
type Decode = (bytes: InputType, options: ZlibOptions & { readonly info: true }) => unknown;

const DECODERS: Readonly<Record<(typeof PUSH_ENCODINGS)[number], Decode>> = {
  gzip: gunzipSync,
  zstd: (bytes, options) =>
    zstdDecompressSync(bytes, {
      ...(options as object),
      params: { [constants.ZSTD_d_windowLogMax]: MAX_PUSH_WINDOW_LOG },
    }),
  deflate: inflateSync,
  br: (bytes, options) => brotliDecompressSync(bytes, options as object),
};

/**
 * Decompresses a body, within MAX_PUSH_BYTES.
 * @throws {DaymarkError} PUSH_TOO_LARGE, PUSH_UNREADABLE.
 */
export function decodedBody(body: Uint8Array, encoding: PushEncoding): Uint8Array {
  const bytes = encoding === 'identity' ? body : decompressed(body, encoding);
  if (bytes.length > MAX_PUSH_BYTES) throw tooLarge();
  return bytes;
}

function decompressed(body: Uint8Array, encoding: Exclude<PushEncoding, 'identity'>): Uint8Array {
  let decoded: Decoded;
  try {
    decoded = DECODERS[encoding](body, { maxOutputLength: MAX_PUSH_BYTES, info: true }) as Decoded;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new DaymarkError('PUSH_UNREADABLE', `The body is not ${encoding}, or it is damaged or cut off.`);
  }
  // Node passes over what follows a gzip member and is none. It would be lost in silence.
  if (decoded.engine.bytesWritten !== body.length)
    throw new DaymarkError(
      'PUSH_UNREADABLE',
      `Something stands behind the end of the ${encoding} in the body.`,
    );
  return decoded.buffer;
}

function tooLarge(): DaymarkError {
  return new DaymarkError(
    'PUSH_TOO_LARGE',
    `The body has more than ${MAX_PUSH_BYTES} bytes without compression.`,
  );
}
