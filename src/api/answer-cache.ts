/** A finished answer. */
export interface Answer {
  readonly body: string;
  /** Strong: equal for equal bodies, and practically never for others. */
  readonly etag: string;
}

/** Beside its body, an entry takes its map slot, its object and the heads of three strings. */
const ENTRY_OVERHEAD_BYTES = 250;

interface Entry {
  readonly answer: Answer;
  readonly bytes: number;
}

/**
 * Answers of one version of the data, bounded in bytes: past the bound the least recently asked go. Asking with
 * another version drops all that were kept under the one before.
 */
export class AnswerCache {
  readonly #maxBytes: number;
  readonly #maxAnswerBytes: number;
  /** The order of insertion is the order of use: an entry that is asked for goes to the end. */
  readonly #entries = new Map<string, Entry>();
  #version = '';
  #bytes = 0;

  constructor(maxBytes: number, maxAnswerBytes: number) {
    this.#maxBytes = maxBytes;
    this.#maxAnswerBytes = maxAnswerBytes;
  }

  /** What the kept answers take, by estimate. Never over the bound. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param version the store's data version, read after the request arrived. The last one given is the current one. */
  get(key: string, version: string): Answer | undefined {
    if (version !== this.#version) this.#startAnew(version);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.answer;
  }

  /** @param version the data version that was read before the rows of the answer. Nothing is kept under an old one. */
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

/** V8 keeps a string of Latin characters in a byte each, any other in two. */
function memoryOf(text: string): number {
  const isAscii = Buffer.byteLength(text) === text.length;
  return isAscii ? text.length : 2 * text.length;
}
