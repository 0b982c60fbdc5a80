import type { Reader } from './reader.ts';

interface Kept<T> {
  readonly value: T;
  readonly bytes: number;
}

/** An entry takes this besides its ids: a map slot, objects, and a key of some 50 characters. */
const ENTRY_BYTES = 400;

/** An id takes this besides its characters, of which each may take two bytes. */
const ID_BYTES = 32;

/** What is known of credentials, bounded in number and in bytes: the entries that were kept longest ago go first. */
export class BoundedCache<T extends { readonly reader: Reader | undefined }> {
  readonly #entries = new Map<string, Kept<T>>();
  readonly #most: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(most: number, maxBytes: number) {
    this.#most = most;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.value;
  }

  /** @param isOver of entries that are of no use any more. Those before the first that still is one are dropped. */
  keep(key: string, value: T, isOver: (value: T) => boolean = () => false): void {
    this.#drop(key);
    const bytes = bytesOf(value.reader);
    if (bytes > this.#maxBytes) return;
    for (const [oldest, { value: old }] of this.#entries) {
      const isFull = this.#entries.size >= this.#most || this.#bytes + bytes > this.#maxBytes;
      if (!isFull && !isOver(old)) break;
      this.#drop(oldest);
    }
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}

/** The ids stand in a list, and the guard puts them into a set. */
function bytesOf(reader: Reader | undefined): number {
  const customers = reader?.customers ?? [];
  return customers.reduce((sum, id) => sum + ID_BYTES + 2 * id.length, ENTRY_BYTES);
}
