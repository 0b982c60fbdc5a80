/** Unpacked roll-ups, kept in memory: the contents of a roll-up never change under its id. */

import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import {
  MAX_CACHED_ROLL_UP_CUSTOMERS,
  MAX_ROLL_UP_CACHE_BYTES,
  ROLL_UP_SLOTS_READ_AT_ONCE,
} from '../../limits.ts';
import {
  IDS_SLOT,
  joinedColumns,
  type RolledUpColumn,
  rolledUpColumns,
  rolledUpIds,
} from '../../statistics/roll-up-part.ts';
import type { StatusClasses } from '../customer-days.ts';
import { chunksOf } from '../statement.ts';
import type { Tables } from '../tables.ts';
import type { RollUps } from './roll-ups.ts';

/** A column, and where its part begins among the customers of the roll-up. */
interface CachedColumn {
  readonly first: number;
  readonly column: RolledUpColumn;
}

/** An unpacked roll-up: its customers, as numbers of the directory, and the columns of some slots. */
export interface CachedRollUp {
  readonly numbers: Uint32Array;
  /** Where each part begins among the numbers. */
  readonly starts: readonly number[];
  /** What each part's ids are known by. */
  readonly digests: readonly (string | null)[];
  readonly slots: Map<number, readonly CachedColumn[]>;
  bytes: number;
}

/** Numbers for the ids of customers, in the order in which they were first seen. */
export class Directory {
  readonly ids: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #maxCustomers: number;

  /** @param maxCustomers with more, it is full. */
  constructor(maxCustomers: number) {
    this.#maxCustomers = maxCustomers;
  }

  get isFull(): boolean {
    return this.ids.length > this.#maxCustomers;
  }

  /** @returns undefined where the id was never seen. */
  find(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** @param last the number of the id before it. Roll-ups have mostly the same ids, so the next number is looked at first. */
  numberOf(id: string, last = -1): number {
    if (this.ids[last + 1] === id) return last + 1;
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.ids.push(id) - 1;
      this.#numbers.set(id, number);
    }
    return number;
  }
}

/** Roll-ups whose customers have the numbers of one directory, and whose statuses have the same classes. */
export interface Cached {
  readonly classOf: StatusClasses;
  readonly directory: Directory;
  /** By id. Insertion order is order of use. */
  readonly rollUps: Map<string, CachedRollUp>;
}

interface CacheBounds {
  readonly maxBytes: number;
  readonly maxCustomers: number;
}

const BOUNDS: CacheBounds = {
  maxBytes: MAX_ROLL_UP_CACHE_BYTES,
  maxCustomers: MAX_CACHED_ROLL_UP_CUSTOMERS,
};

/** Bounded in bytes, and in customers: past either bound it forgets. Whoever still reads what it held, goes on with that. */
export class RollUpCache {
  readonly #rollUps: RollUps;
  readonly #bounds: CacheBounds;
  #cached: Cached;
  /** The roll-ups of a read that had too many customers. */
  #tooMany: ReadonlySet<string> = new Set();

  constructor(rollUps: RollUps, bounds = BOUNDS) {
    this.#rollUps = rollUps;
    this.#bounds = bounds;
    this.#cached = this.#newCached([]);
  }

  /**
   * What is kept now. For one read: all of its roll-ups must be of one directory.
   * @param ids of the roll-ups to read. @param classOf with other classes than before, it begins anew.
   * @returns undefined where it is known that they have too many customers.
   */
  begin(ids: readonly string[], classOf: StatusClasses): Cached | undefined {
    if (this.#tooMany.size > 0 && [...this.#tooMany].every((id) => ids.includes(id))) return undefined;
    const isOther = String(this.#cached.classOf) !== String(classOf);
    if (isOther || this.#cached.directory.isFull) this.#cached = this.#newCached(classOf);
    return this.#cached;
  }

  /** Remembers that these roll-ups have too many customers together. */
  refuse(ids: readonly string[]): void {
    this.#tooMany = new Set(ids);
    this.#cached = this.#newCached(this.#cached.classOf);
  }

  /**
   * Finds a roll-up, or reads what is not kept of it.
   * @param db a snapshot in which it is ready. @param slots which of its slots the caller needs.
   * @param assertGoesOn is called again and again. What it throws ends the read.
   * @returns undefined where it has too many customers.
   */
  async find(
    db: Kysely<Tables>,
    cached: Cached,
    id: string,
    slots: readonly number[],
    assertGoesOn: () => void,
  ): Promise<CachedRollUp | undefined> {
    const known = cached.rollUps.get(id) ?? (await this.#readNumbers(db, cached, id, assertGoesOn));
    if (!known) return undefined;
    const missing = slots.filter((slot) => !known.slots.has(slot));
    if (missing.length > 0) await this.#readSlots(db, cached, id, known, missing, assertGoesOn);
    cached.rollUps.delete(id);
    cached.rollUps.set(id, known);
    this.#evict(cached);
    return known;
  }

  /** @returns undefined where there are too many customers. */
  async #readNumbers(
    db: Kysely<Tables>,
    cached: Cached,
    id: string,
    assertGoesOn: () => void,
  ): Promise<CachedRollUp | undefined> {
    const numbers: number[] = [];
    const starts: number[] = [];
    const digests = await this.#rollUps.idDigests(db, id);
    for (const [part, digest] of digests.entries()) {
      starts.push(numbers.length);
      const known = digest === null ? undefined : knownNumbers(cached, part, digest);
      numbers.push(...(known ?? (await this.#readPartNumbers(db, cached.directory, id, part))));
      if (cached.directory.isFull) return undefined;
      assertGoesOn();
    }
    return { numbers: Uint32Array.from(numbers), starts, digests, slots: new Map(), bytes: 0 };
  }

  async #readPartNumbers(
    db: Kysely<Tables>,
    directory: Directory,
    id: string,
    part: number,
  ): Promise<readonly number[]> {
    const packed = (await this.#rollUps.part(db, id, part, [IDS_SLOT])).get(IDS_SLOT);
    const numbers: number[] = [];
    for (const own of rolledUpIds(packed ?? new Uint8Array()))
      numbers.push(directory.numberOf(own, numbers.at(-1)));
    await setImmediate();
    return numbers;
  }

  async #readSlots(
    db: Kysely<Tables>,
    { classOf }: Cached,
    id: string,
    known: CachedRollUp,
    slots: readonly number[],
    assertGoesOn: () => void,
  ): Promise<void> {
    const columns = new Map(slots.map((slot) => [slot, [] as CachedColumn[]]));
    let bytes = 0;
    const parts = [...known.starts.keys()];
    for (const some of chunksOf(parts, Math.max(1, Math.floor(ROLL_UP_SLOTS_READ_AT_ONCE / slots.length)))) {
      for (const [part, packed] of await this.#rollUps.partsIn(db, id, some, slots)) {
        const first = known.starts[part];
        const customers = (known.starts[part + 1] ?? known.numbers.length) - first;
        for (const [slot, data] of packed) {
          bytes += data.length;
          const joined = joinedColumns(rolledUpColumns(data, customers), classOf, customers);
          for (const column of joined) columns.get(slot)?.push({ first, column });
        }
        await setImmediate();
        assertGoesOn();
      }
    }
    // Another read may have been faster. Both have read the same.
    for (const [slot, own] of columns) known.slots.set(slot, own);
    known.bytes += bytes;
  }

  #newCached(classOf: StatusClasses): Cached {
    return { classOf, directory: new Directory(this.#bounds.maxCustomers), rollUps: new Map() };
  }

  /** The one that was used last stays, whatever it takes. */
  #evict({ rollUps }: Cached): void {
    let bytes = [...rollUps.values()].reduce((sum, rollUp) => sum + bytesOf(rollUp), 0);
    for (const [id, rollUp] of rollUps) {
      if (bytes <= this.#bounds.maxBytes || rollUps.size === 1) return;
      rollUps.delete(id);
      bytes -= bytesOf(rollUp);
    }
  }
}

/** The customers of a part, where another roll-up has the same. Most have: then their ids are not even read. */
function knownNumbers({ rollUps }: Cached, part: number, digest: string): Iterable<number> | undefined {
  for (const { digests, starts, numbers } of rollUps.values())
    if (digests[part] === digest) return numbers.subarray(starts[part], starts[part + 1]);
  return undefined;
}

/** Listed numbers take more than they did packed, and views keep all that was packed. Twice is more than either takes. */
function bytesOf({ bytes, numbers }: CachedRollUp): number {
  return 2 * bytes + numbers.byteLength;
}
