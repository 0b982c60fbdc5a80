import xz from 'xz-decompress';
import { MAX_SPARE_XZ_BYTES } from '../../limits.ts';

/** What xz-embedded answers (`xz.h`). */
export const XZ_OK = 0;
export const XZ_STREAM_END = 1;

/** What the WebAssembly of `xz-decompress` exports. */
interface XzExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  create_context(): number;
  destroy_context(context: number): void;
  /** Says how many bytes stand in the input; 0: there are no more. */
  supply_input(context: number, bytes: number): void;
  /** Decompresses until the output is full or the input used up. */
  get_next_output(context: number): number;
}

/** The package's own stream takes its WebAssembly from here. It offers no other way to it. */
interface XzModule {
  _getModuleInstance(): Promise<void>;
  readonly _moduleInstance: { readonly exports: XzExports };
}

/** Places in the context, in words: the fields of `DecompressionContext`, of which `b` is a `struct xz_buf`. */
const BUFFER_BYTES = 0;
const INPUT = 1;
const INPUT_USED = 2;
const INPUT_LENGTH = 3;
const OUTPUT = 4;
const OUTPUT_LENGTH = 5;
const WORDS = 6;

/** An instance that nobody uses, so that the next archive does not make another one. */
let spare: XzExports | undefined;

/**
 * xz-embedded with a memory of its own, driven step by step. The stream that the package offers decompresses as it likes,
 * and only one of them can be open at a time.
 */
export class XzEngine {
  readonly #exports: XzExports;
  readonly #context: number;

  private constructor(exports: XzExports) {
    this.#exports = exports;
    this.#context = exports.create_context();
  }

  static async open(): Promise<XzEngine> {
    const instance = spare ?? (await newInstance());
    spare = undefined;
    return new XzEngine(instance);
  }

  /** Takes the first bytes of the input; all that came before must be used up. None: it ends. @returns how many it took. */
  supply(bytes: Uint8Array): number {
    const [context, { memory }] = [this.#words, this.#exports];
    const taken = Math.min(bytes.length, context[BUFFER_BYTES]);
    new Uint8Array(memory.buffer, context[INPUT], taken).set(bytes.subarray(0, taken));
    this.#exports.supply_input(this.#context, taken);
    return taken;
  }

  /**
   * Decompresses on, as far as the input and one piece of output go.
   * @returns a code of `xz.h`, a copy of the output, and whether there may be more without further input.
   */
  next(): { readonly code: number; readonly output: Uint8Array; readonly hasMore: boolean } {
    const code = this.#exports.get_next_output(this.#context);
    // The memory may have grown.
    const context = this.#words;
    const length = context[OUTPUT_LENGTH];
    const output = new Uint8Array(this.#exports.memory.buffer, context[OUTPUT], length).slice();
    context[OUTPUT_LENGTH] = 0;
    const isFull = length === context[BUFFER_BYTES];
    return { code, output, hasMore: isFull || context[INPUT_USED] < context[INPUT_LENGTH] };
  }

  get #words(): Uint32Array {
    return new Uint32Array(this.#exports.memory.buffer, this.#context, WORDS);
  }

  close(): void {
    this.#exports.destroy_context(this.#context);
    if (this.#exports.memory.buffer.byteLength <= MAX_SPARE_XZ_BYTES) spare = this.#exports;
  }
}

async function newInstance(): Promise<XzExports> {
  const module = xz.XzReadableStream as unknown as XzModule;
  await module._getModuleInstance();
  return module._moduleInstance.exports;
}
