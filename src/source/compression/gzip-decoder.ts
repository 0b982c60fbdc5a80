import { createGunzip } from 'node:zlib';
import { DECODED_BLOCKS_AHEAD, READ_BLOCK_BYTES } from '../../limits.ts';
import { type Decoder, EndsTooEarly } from './decoder.ts';
import { TransformDecoder } from './transform-decoder.ts';

/** gzip (RFC 1952): any number of members, and zero bytes behind the last one, as tapes have them. */
export class GzipDecoder implements Decoder {
  readonly losesAtDamage = true;
  readonly #gunzip;
  readonly #decoder: TransformDecoder;
  #takenBytes = 0;
  #isInPadding = false;

  constructor() {
    // Not an object literal in the call: the type of the options leaves out those of a stream.
    const options = {
      chunkSize: READ_BLOCK_BYTES,
      readableObjectMode: true,
      readableHighWaterMark: DECODED_BLOCKS_AHEAD,
    };
    this.#gunzip = createGunzip(options);
    this.#decoder = new TransformDecoder(this.#gunzip);
  }

  async *decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    if (!this.#isInPadding) yield* this.#decoder.decode(bytes);
    const taken = this.#gunzip.bytesWritten - this.#takenBytes;
    this.#takenBytes += bytes.length;
    if (taken >= bytes.length) return;
    // It stops before a zero byte that follows a member, and nowhere else.
    this.#isInPadding = true;
    if (bytes.subarray(Math.max(0, taken)).some((byte) => byte !== 0))
      throw new Error('something else follows the last gzip member');
  }

  async *finish(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#isInPadding) return;
    try {
      yield* this.#decoder.end();
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? new EndsTooEarly() : error;
    }
  }

  close(): void {
    this.#decoder.close();
  }
}
