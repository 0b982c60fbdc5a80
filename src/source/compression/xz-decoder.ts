import xz from 'xz-decompress';
import { type Decoder, EndsTooEarly } from './decoder.ts';

/** How `xz-decompress` says that there are not enough bytes: XZ_BUF_ERROR of xz-embedded. */
const ENDS_TOO_EARLY = '8';

/** What it says otherwise: the codes of xz-embedded, `xz.h`. */
const MEANINGS: Readonly<Record<string, string>> = {
  2: 'a check other than none, CRC32 and CRC64',
  3: 'no memory for its window',
  4: 'its window is larger than 64 MiB',
  5: 'something that is no xz stream',
  6: 'an option or a check that is not supported',
  7: 'its checks do not hold',
};

type Block = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

/**
 * xz: any number of streams, with padding between and behind them; windows up to 64 MiB, as `xz -9` makes them; no
 * SHA-256 checks. By xz-embedded in WebAssembly, in this thread. One thread can have one of these open.
 */
export class XzDecoder implements Decoder {
  readonly losesAtDamage = true;
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  #input: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Resolved when all bytes were taken and more are wanted. */
  #wanted = Promise.withResolvers<undefined>();
  /** What was asked for and did not come yet. */
  #block: Promise<Block> | undefined;

  constructor() {
    const input = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#input = controller;
        },
        pull: () => this.#wanted.resolve(undefined),
      },
      // Nothing is asked for in advance, so that what is asked for is wanted now.
      { highWaterMark: 0 },
    );
    this.#output = new xz.XzReadableStream(input).getReader();
  }

  async *decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    this.#wanted = Promise.withResolvers();
    this.#input?.enqueue(bytes);
    yield* this.#blocks();
  }

  /** It asks for more bytes before it has given all that it made of the last ones. */
  async *finish(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#wanted = Promise.withResolvers();
    this.#input?.close();
    yield* this.#blocks();
  }

  async *#blocks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      this.#block ??= this.#read();
      const result = await Promise.race([this.#block, this.#wanted.promise]);
      if (!result || result.done) return;
      this.#block = undefined;
      if (result.value.length > 0) yield result.value;
    }
  }

  async #read(): Promise<Block> {
    try {
      return await this.#output.read();
    } catch (cause) {
      const code = /\d+$/.exec(String(cause))?.[0] ?? '';
      if (code === ENDS_TOO_EARLY) throw new EndsTooEarly();
      throw new Error(MEANINGS[code] ?? 'its bytes cannot be decompressed', { cause });
    }
  }

  close(): void {
    // It was asked for, and nobody waits for it any more.
    this.#block?.catch(() => undefined);
    this.#output.cancel().catch(() => undefined);
  }
}
