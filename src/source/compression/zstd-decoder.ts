import { constants, createZstdDecompress } from 'node:zlib';
import { MAX_ZSTD_WINDOW_LOG } from '../../limits.ts';
import { type Decoder, EndsTooEarly, NO_CONTENT, NotSupported } from './decoder.ts';
import { TransformDecoder, ZLIB_OPTIONS } from './transform-decoder.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** What libzstd says of frames that are sound. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  ZSTD_error_frameParameter_windowTooLarge: `its window is larger than ${2 ** (MAX_ZSTD_WINDOW_LOG - 20)} MiB`,
  ZSTD_error_dictionary_wrong: 'it was compressed with a dictionary',
};

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
    for (const run of this.#frames.split(bytes)) {
      yield* this.#decode(run);
      // A frame may take long, and hold little.
      yield NO_CONTENT;
    }
  }

  async *#decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* this.#decoder.decode(bytes);
    } catch (error) {
      const unsupported = UNSUPPORTED[(error as NodeJS.ErrnoException).code ?? ''];
      throw unsupported === undefined ? error : new NotSupported(unsupported);
    }
  }

  finish(): readonly Uint8Array[] {
    if (!this.#frames.isBetweenFrames) throw new EndsTooEarly();
    return [];
  }

  close(): void {
    this.#decoder.close();
  }
}
