/**
 * Lists that are of use for a while, and freed together. As garbage, they would wait for V8, which counts them only when they are 64 MB:
 * with two threads that spilled, the program took 100 MB more (2026-11-30).
 */
export class Scratch {
  readonly #lists: (Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>)[] = [];

  /** @returns zeros. */
  integers(length: number): Int32Array<ArrayBuffer> {
    return this.#kept(new Int32Array(length));
  }

  /** @returns zeros. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return this.#kept(new Uint8Array(length));
  }

  #kept<T extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(list: T): T {
    this.#lists.push(list);
    return list;
  }

  /** Frees the memory of all lists. Nobody may use them any more. */
  free(): void {
    for (const { buffer } of this.#lists.splice(0)) buffer.transfer(0);
  }
}
