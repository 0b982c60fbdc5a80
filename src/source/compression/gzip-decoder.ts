import { createGunzip } from 'node:zlib';
import { type Decoder, EndsTooEarly } from './decoder.ts';
import { TransformDecoder, ZLIB_OPTIONS } from './transform-decoder.ts';

/** gzip (RFC 1952): any number of members, and zero bytes behind the last one, as tapes have them. */
export class GzipDecoder implements Decoder {
  readonly losesAtDamage = true;
  readonly #gunzip;
  readonly #decoder: TransformDecoder;
  #takenBytes = 0;
  #isInPadding = false;

  constructor() {
    this.#gunzip = createGunzip(ZLIB_OPTIONS);
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
