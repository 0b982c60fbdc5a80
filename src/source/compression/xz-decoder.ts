import { type Decoder, EndsTooEarly, NotSupported } from './decoder.ts';
import { XZ_OK, XZ_STREAM_END, XzEngine } from './xz-engine.ts';

/** How xz-embedded says that there are not enough bytes: XZ_BUF_ERROR. */
const ENDS_TOO_EARLY = 8;

/** What it says of what it is not made for. */
const UNSUPPORTED: Readonly<Record<number, string>> = {
  2: 'it has a check other than none, CRC32 and CRC64',
  3: 'there is no memory for its window',
  4: 'its window is larger than 64 MiB',
  6: 'it has a filter or a check other than LZMA2, CRC32 and CRC64',
};

/** What it says of damage. */
const DAMAGE: Readonly<Record<number, string>> = {
  5: 'something that is no xz stream',
  7: 'its checks do not hold',
};

/**
 * xz: any number of streams, with padding between and behind them; windows up to 64 MiB, as `xz -9` makes them; no
 * SHA-256 checks. By xz-embedded in WebAssembly, in this thread.
 */
export class XzDecoder implements Decoder {
  readonly losesAtDamage = true;
  readonly #engine: XzEngine;

  private constructor(engine: XzEngine) {
    this.#engine = engine;
  }

  static async open(): Promise<XzDecoder> {
    return new XzDecoder(await XzEngine.open());
  }

  *decode(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let at = 0; at < bytes.length; ) {
      at += this.#engine.supply(bytes.subarray(at));
      yield* this.#outputs();
    }
  }

  *finish(): Generator<Uint8Array, void, undefined> {
    this.#engine.supply(new Uint8Array());
    if ((yield* this.#outputs()) !== XZ_STREAM_END) throw new EndsTooEarly();
  }

  /** Gives what can be told from the bytes that were supplied. @returns the last code. */
  *#outputs(): Generator<Uint8Array, number, undefined> {
    for (;;) {
      const { code, output, hasMore } = this.#engine.next();
      if (code !== XZ_OK && code !== XZ_STREAM_END) throw errorOf(code);
      if (output.length > 0) yield output;
      if (!hasMore || code === XZ_STREAM_END) return code;
    }
  }

  close(): void {
    this.#engine.close();
  }
}

function errorOf(code: number): Error {
  if (code === ENDS_TOO_EARLY) return new EndsTooEarly();
  const unsupported = UNSUPPORTED[code];
  return unsupported === undefined
    ? new Error(DAMAGE[code] ?? 'its bytes cannot be decompressed')
    : new NotSupported(unsupported);
}
