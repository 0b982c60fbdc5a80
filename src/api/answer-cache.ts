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
  readonly share: Share;
}

/** What a cache holds of one owner. */
interface Share {
  readonly owner: string;
  /** The answers by key. Insertion order is order of use: a lookup moves its answer to the end. */
  readonly keys: Set<string>;
  bytes: number;
}

/**
 * An LRU cache of answers, bounded in bytes. It holds answers of one data version: a lookup with another version
 * empties it.
 *
 * Where it is full, the owner with the most bytes loses the answer that it did not use for longest. So nobody pushes out the
 * answers of another one that takes less, whatever it asks for. Each owner is sure of an equal share, and what others leave of
 * theirs is there for all. Whoever asks for an answer gets it, whoever's share it lies in.
 */
export class AnswerCache {
  readonly #maxBytes: number;
  readonly #maxAnswerBytes: number;
  readonly #entries = new Map<string, Entry>();
  readonly #shares = new Map<string, Share>();
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
    entry.share.keys.delete(key);
    entry.share.keys.add(key);
    return entry.answer;
  }

  /**
   * @param version the data version, read before the rows of the answer. An answer of an old version is not kept.
   * @param owner whose share it goes into.
   */
  put(key: string, version: string, answer: Answer, owner = ''): void {
    if (version !== this.#version) return;
    this.#drop(key);
    const bytes = memoryOf(key) + memoryOf(answer.body) + ENTRY_OVERHEAD_BYTES;
    if (bytes > this.#maxAnswerBytes) return;
    const share = this.#shareOf(owner);
    this.#entries.set(key, { answer, bytes, share });
    share.keys.add(key);
    share.bytes += bytes;
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes) this.#evict();
  }

  #startAnew(version: string): void {
    this.#version = version;
    this.#entries.clear();
    this.#shares.clear();
    this.#bytes = 0;
  }

  #shareOf(owner: string): Share {
    const known = this.#shares.get(owner);
    if (known) return known;
    const share = { owner, keys: new Set<string>(), bytes: 0 };
    this.#shares.set(owner, share);
    return share;
  }

  /** Looks at all owners: with 1,000 of them, that takes as long as to write one short answer. */
  #evict(): void {
    let largest: Share | undefined;
    for (const share of this.#shares.values()) if (share.bytes > (largest?.bytes ?? 0)) largest = share;
    const [oldest = ''] = largest?.keys ?? [];
    this.#drop(oldest);
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    const { share, bytes } = entry;
    this.#entries.delete(key);
    share.keys.delete(key);
    share.bytes -= bytes;
    this.#bytes -= bytes;
    if (share.keys.size === 0) this.#shares.delete(share.owner);
  }
}

/** V8 stores a string of Latin-1 characters with one byte each, and any other string with two. */
function memoryOf(text: Body): number {
  if (typeof text !== 'string') return text.length;
  const isAscii = Buffer.byteLength(text) === text.length;
  return isAscii ? text.length : 2 * text.length;
}
