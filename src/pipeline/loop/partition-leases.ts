import { isTransient } from '../../errors.ts';
import { MIN_DIVISION_MS, RENEWALS_A_LEASE } from '../../limits.ts';
import type { Division, Member, Store } from '../../store/contract.ts';
import type { LeaseChange } from '../types.ts';
import { rebalance } from './rebalance.ts';

/** How a process divides work with others. */
export interface LeaseSettings {
  /** For people: the host and the process, or SOURCE_NAME. */
  readonly name: string;
  /** How long others wait for a process that does not renew its leases. */
  readonly leaseMs: number;
  /** Ids of members: each call gives another one. */
  readonly newId: () => string;
  /** Waits; rejects when the signal comes. */
  readonly delay: (delayMs: number, signal: AbortSignal) => Promise<unknown>;
}

export interface LeaseParts extends LeaseSettings {
  readonly store: Pick<Store, 'leases'>;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  readonly changed: (change: LeaseChange) => void;
}

/** A member from its first renewal to its end. */
interface Membership {
  readonly member: Member;
  readonly stop: AbortController;
  /** Ends with the signal. */
  readonly beats: Promise<void>;
}

/**
 * The leases of this process. They only save work: the store refuses a batch of a partition that another process has moved on
 * meanwhile, whoever holds the lease.
 */
export class PartitionLeases {
  readonly #parts: LeaseParts;
  #work = '';
  /** All partitions that are there: their names for people, and when a poll last found them, by their ids. */
  #partitions: ReadonlyMap<string, { readonly name: string; readonly seenMs: number }> = new Map();
  /** Undefined while this process has nothing to divide. */
  #membership: Membership | undefined;
  #held: ReadonlySet<string> = new Set();
  #renewedMs = Number.NEGATIVE_INFINITY;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  /** The ids of the partitions that this process holds, as far as it knows. */
  get held(): ReadonlySet<string> {
    return this.#held;
  }

  /**
   * Notes which partitions a poll has found. One that it has not found is still there for a while: its broker may be away.
   * @param work names what is divided. @param names of partitions, for people, by their ids.
   * @returns true where there are other ones, so that they are to be divided at once.
   */
  note(work: string, names: ReadonlyMap<string, string>): boolean {
    const seenMs = this.#parts.now();
    const before = this.#partitions;
    const recent = [...before].filter(([, one]) => seenMs - one.seenMs < this.#parts.leaseMs);
    const found = [...names].map(([id, name]) => [id, { name, seenMs }] as const);
    this.#partitions = new Map([...recent, ...found]);
    const isSame =
      work === this.#work &&
      this.#partitions.size === before.size &&
      [...this.#partitions.keys()].every((id) => before.has(id));
    this.#work = work;
    if (!isSame) this.#dueMs = Number.NEGATIVE_INFINITY;
    return !isSame;
  }

  /**
   * Renews the leases where that is due, gives up what is above the fair share, and takes what is missing. Call it while nothing
   * is read, and read the positions of what was taken from the store after it.
   * @returns true where partitions were taken. @throws {DaymarkError} STORE_*.
   */
  async divide(): Promise<boolean> {
    const { store, now } = this.#parts;
    if (now() < this.#dueMs) return false;
    // A process that sees no partitions must not keep others from taking them all.
    if (this.#partitions.size === 0) {
      if (this.#membership) await this.leave();
      return false;
    }
    this.#membership ??= this.#join();
    const { member } = this.#membership;
    const division = await this.#renew(member);
    const partitions = [...this.#partitions.keys()];
    const { take, giveUp } = rebalance({ self: member.id, partitions, ...division });
    if (giveUp.length > 0) await store.leases.giveUp(member.id, giveUp);
    const taken = await store.leases.take(member.id, take);
    const kept = this.#heldIn(division, member).filter((id) => !giveUp.includes(id));
    this.#hold([...kept, ...taken]);
    const isShort = this.#held.size < Math.floor(partitions.length / division.members.length);
    this.#dueMs = this.#renewedMs + (isShort ? Math.min(MIN_DIVISION_MS, this.#renewalMs) : this.#renewalMs);
    return taken.length > 0;
  }

  /** Ends the membership, with all leases. @throws {DaymarkError} STORE_*: then they end by themselves. */
  async leave(): Promise<void> {
    const membership = this.#membership;
    if (!membership) return;
    this.#membership = undefined;
    this.#hold([]);
    membership.stop.abort();
    await membership.beats;
    await this.#parts.store.leases.leave(membership.member.id);
  }

  get #renewalMs(): number {
    return this.#parts.leaseMs / RENEWALS_A_LEASE;
  }

  #join(): Membership {
    const member = { id: this.#parts.newId(), work: this.#work, name: this.#parts.name };
    const stop = new AbortController();
    return { member, stop, beats: this.#beat(member, stop.signal) };
  }

  /** Renews the leases while a scan cycle takes long, and notes those that were lost. */
  async #beat(member: Member, signal: AbortSignal): Promise<void> {
    const { delay, now } = this.#parts;
    // A division renews, too, and comes a bit earlier where it can.
    const restMs = () => this.#renewedMs + 1.2 * this.#renewalMs - now();
    while (!signal.aborted) {
      await delay(Math.max(restMs(), this.#renewalMs / 10), signal).catch(() => undefined);
      if (signal.aborted || restMs() > 0) continue;
      try {
        const still = new Set(this.#heldIn(await this.#renew(member), member));
        if (!signal.aborted) this.#hold([...this.#held].filter((id) => still.has(id)));
      } catch (error) {
        // The next division says so, too. It waits for the database.
        if (!isTransient(error)) return;
      }
    }
  }

  async #renew(member: Member): Promise<Division> {
    const { store, leaseMs, now } = this.#parts;
    const askedMs = now();
    const division = await store.leases.renew({ ...member, work: this.#work }, leaseMs);
    this.#renewedMs = askedMs;
    return division;
  }

  #heldIn({ holders }: Division, { id }: Member): string[] {
    return [...this.#partitions.keys()].filter((partition) => holders.get(partition) === id);
  }

  #hold(partitionIds: readonly string[]): void {
    const before = this.#held;
    this.#held = new Set(partitionIds);
    const namesOf = (ids: Iterable<string>, others: ReadonlySet<string>) =>
      [...ids].filter((id) => !others.has(id)).map((id) => this.#partitions.get(id)?.name ?? id);
    const taken = namesOf(this.#held, before);
    const lost = namesOf(before, this.#held);
    if (taken.length > 0 || lost.length > 0) this.#parts.changed({ taken, lost, held: this.#held.size });
  }
}
