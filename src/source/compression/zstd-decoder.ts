import { constants, createZstdDecompress } from 'node:zlib';
import { MAX_ZSTD_WINDOW_LOG } from '../../limits.ts';
import { type Decoder, EndsTooEarly } from './decoder.ts';
import { TransformDecoder, ZLIB_OPTIONS } from './transform-decoder.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** zstd (RFC 8878): any number of frames, skippable ones among them. */
export class ZstdDecoder implements Decoder {
  readonly losesAtDamage = true;
  readonly #frames = new ZstdFrames();
  readonly #decoder: TransformDecoder;

  constructor() {
    const params = { [constants.ZSTD_d_windowLogMax]: MAX_ZSTD_WINDOW_LOG };
    this.#decoder = new TransformDecoder(createZstdDecompress({ ...ZLIB_OPTIONS, params }));
  }

  async *decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    // Behind a whole frame libzstd waits for another one.
    for (const run of this.#frames.split(bytes)) yield* this.#decoder.decode(run);
  }

  finish(): readonly Uint8Array[] {
    if (!this.#frames.isBetweenFrames) throw new EndsTooEarly();
    return [];
  }

  close(): void {
    this.#decoder.close();
  }
}
