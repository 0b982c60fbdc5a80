import type { Body } from './rows-writer.ts';

/** A complete answer, ready to send. */
export interface Answer {
  readonly body: Body;
  /** A strong entity tag: equal bodies have equal tags, and different bodies practically never do. */
  readonly etag: string;
}

/** An entry takes this besides its body: a map slot, an object and the headers of three strings. */
const ENTRY_OVERHEAD_BYTES = 250;

interface Entry {
  readonly answer: Answer;
  readonly bytes: number;
}

/**
 * An LRU cache of answers, bounded in bytes. It holds answers of one data version: a lookup with another version
 * empties it.
 */
export class AnswerCache {
  readonly #maxBytes: number;
  readonly #maxAnswerBytes: number;
  /** Insertion order is order of use: a lookup moves its entry to the end. */
  readonly #entries = new Map<string, Entry>();
  #version = '';
  #bytes = 0;

  constructor(maxBytes: number, maxAnswerBytes: number) {
    this.#maxBytes = maxBytes;
    this.#maxAnswerBytes = maxAnswerBytes;
  }

  /** The estimated memory of the cached answers. It never exceeds the bound. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param version the store's data version, read after the request arrived. The cache takes it as the current one. */
  get(key: string, version: string): Answer | undefined {
    if (version !== this.#version) this.#startAnew(version);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.answer;
  }

  /** @param version the data version, read before the rows of the answer. An answer of an old version is not kept. */
  put(key: string, version: string, answer: Answer): void {
    if (version !== this.#version) return;
    this.#drop(key);
    const bytes = memoryOf(key) + memoryOf(answer.body) + ENTRY_OVERHEAD_BYTES;
    if (bytes > this.#maxAnswerBytes) return;
    this.#entries.set(key, { answer, bytes });
    this.#bytes += bytes;
    this.#evict();
  }

  #startAnew(version: string): void {
    this.#version = version;
    this.#entries.clear();
    this.#bytes = 0;
  }

  #evict(): void {
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}

/** V8 stores a string of Latin-1 characters with one byte each, and any other string with two. */
function memoryOf(text: Body): number {
  if (typeof text !== 'string') return text.length;
  const isAscii = Buffer.byteLength(text) === text.length;
  return isAscii ? text.length : 2 * text.length;
}
