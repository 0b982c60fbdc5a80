import type { Transform } from 'node:stream';
import { DECODED_BLOCKS_AHEAD, READ_BLOCK_BYTES } from '../../limits.ts';

/** With these a stream of `node:zlib` is one for a {@link TransformDecoder}. (Its types leave out those of any stream.) */
export const ZLIB_OPTIONS = {
  chunkSize: READ_BLOCK_BYTES,
  readableObjectMode: true,
  readableHighWaterMark: DECODED_BLOCKS_AHEAD,
};

/** Drives a transform stream of the runtime, which works in the thread pool, byte run by byte run. */
export class TransformDecoder {
  readonly #stream: Transform;
  #error: Error | undefined;
  #hasEnded = false;
  #wake: () => void = () => undefined;

  /** @param stream one whose readable side is in object mode: blocks are handed on as they are, never joined. */
  constructor(stream: Transform) {
    this.#stream = stream;
    stream.on('readable', () => this.#wake());
    stream.on('end', () => {
      this.#hasEnded = true;
      this.#wake();
    });
    stream.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  /** @throws {Error} what the stream throws. */
  async *decode(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    let isTaken = false;
    this.#stream.write(bytes, () => {
      isTaken = true;
      this.#wake();
    });
    yield* this.#blocks(() => isTaken);
  }

  /** Says that there are no more bytes. */
  async *end(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#stream.end();
    yield* this.#blocks(() => false);
  }

  async *#blocks(isDone: () => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const block = this.#stream.read() as Uint8Array | null;
      if (block) yield block;
      else if (this.#error) throw this.#error;
      else if (isDone() || this.#hasEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  close(): void {
    this.#stream.destroy();
  }
}
