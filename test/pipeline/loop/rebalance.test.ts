import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rebalance } from '../../../src/pipeline/loop/rebalance.ts';
import { check } from '../../support/property.ts';

/** Members, and partitions that some of them hold, or somebody else. */
const WORK = fc
  .record({ members: fc.integer({ min: 1, max: 7 }), partitions: fc.integer({ min: 0, max: 30 }) })
  .chain(({ members, partitions }) =>
    fc.record({
      members: fc.constant(Array.from({ length: members }, (_, i) => `m${i}`)),
      partitions: fc.constant(Array.from({ length: partitions }, (_, i) => `p${i}`)),
      // The last two hold it not: nobody does, and a member of other work.
      holders: fc.array(fc.integer({ min: 0, max: members + 1 }), {
        minLength: partitions,
        maxLength: partitions,
      }),
    }),
  )
  .map(({ members, partitions, holders }) => ({
    members,
    partitions,
    holders: new Map(
      partitions.flatMap((id, i) => {
        const holder = holders[i] ?? 0;
        if (holder === members.length) return [];
        return [[id, members[holder] ?? 'somebody else'] as const];
      }),
    ),
  }));

function heldBy(holders: ReadonlyMap<string, string>, member: string): string[] {
  return [...holders].filter(([, holder]) => holder === member).map(([id]) => id);
}

describe('A division of partitions', () => {
  it('has members that see the same take different partitions, and only free ones', () => {
    check(
      fc.property(WORK, (work) => {
        const taken = work.members.flatMap((self) => rebalance({ self, ...work }).take);
        expect(new Set(taken).size).toBe(taken.length);
        for (const id of taken) expect(work.holders.has(id)).toBe(false);
      }),
    );
  });

  it('has no member give up what is not its own, or what it takes', () => {
    check(
      fc.property(WORK, (work) => {
        for (const self of work.members) {
          const { take, giveUp } = rebalance({ self, ...work });
          for (const id of giveUp) expect(work.holders.get(id)).toBe(self);
          expect(take.length === 0 || giveUp.length === 0).toBe(true);
        }
      }),
    );
  });

  it('is even after two rounds, leaves no partition free, and then changes nothing', () => {
    check(
      fc.property(WORK, ({ members, partitions, holders }) => {
        const now = new Map([...holders].filter(([, holder]) => holder !== 'somebody else'));
        const round = () => {
          const changes = members.map((self) =>
            rebalance({ self, members, partitions, holders: new Map(now) }),
          );
          for (const [i, { take, giveUp }] of changes.entries()) {
            for (const id of giveUp) now.delete(id);
            for (const id of take) now.set(id, members[i] ?? '');
          }
          return changes.some(({ take, giveUp }) => take.length > 0 || giveUp.length > 0);
        };
        round();
        round();
        expect(now.size).toBe(partitions.length);
        const counts = members.map((member) => heldBy(now, member).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(round()).toBe(false);
      }),
    );
  });

  it('moves no more partitions than it must', () => {
    check(
      fc.property(WORK, ({ members, partitions, holders }) => {
        const own = new Map([...holders].filter(([, holder]) => holder !== 'somebody else'));
        const least = Math.floor(partitions.length / members.length);
        for (const self of members) {
          const kept =
            heldBy(own, self).length - rebalance({ self, members, partitions, holders: own }).giveUp.length;
          expect(kept).toBeGreaterThanOrEqual(Math.min(heldBy(own, self).length, least));
        }
      }),
    );
  });

  it('gives up partitions that are not there any more', () => {
    const holders = new Map([
      ['p1', 'a'],
      ['gone', 'a'],
    ]);
    expect(rebalance({ self: 'a', members: ['a'], partitions: ['p1'], holders })).toEqual({
      take: [],
      giveUp: ['gone'],
    });
  });

  it('does not count partitions that are not there any more', () => {
    const holders = new Map([
      ['gone-1', 'a'],
      ['gone-2', 'a'],
    ]);
    expect(
      rebalance({ self: 'a', members: ['a', 'b'], partitions: ['p1', 'p2'], holders }).take,
    ).toHaveLength(1);
  });

  it('ends with every partition at a live member that may read it, whatever pauses, ends and begins', () => {
    // A model of several members: each acts on a view that may be old, and the store lets a live holder keep what it has.
    const step = fc.record({
      member: fc.integer({ min: 0, max: 4 }),
      kind: fc.constantFrom('look', 'act', 'pause', 'go on', 'add a partition' as const),
    });
    check(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new Model();
        for (const { member, kind } of steps) model.step(`m${member}`, kind);
        model.settle();
        expect(model.freePartitions).toEqual([]);
        expect(model.unevenness).toBeLessThanOrEqual(1);
      }),
    );
  });
});

type StepKind = 'look' | 'act' | 'pause' | 'go on' | 'add a partition';

/** The store as `Leases` promises it, and members that see it late. */
class Model {
  readonly #live = new Set(['m0']);
  readonly #holders = new Map<string, string>();
  readonly #views = new Map<
    string,
    { members: string[]; partitions: string[]; holders: Map<string, string> }
  >();
  #partitions = 3;

  step(member: string, kind: StepKind): void {
    if (kind === 'add a partition') this.#partitions++;
    // A paused member expires; others may take what it had.
    else if (kind === 'pause') this.#live.delete(member);
    else if (kind === 'go on') this.#live.add(member);
    else if (kind === 'look') this.#look(member);
    else this.#act(member);
  }

  #look(member: string): void {
    this.#live.add(member);
    const holders = new Map([...this.#holders].filter(([, holder]) => this.#live.has(holder)));
    this.#views.set(member, { members: [...this.#live].sort(), partitions: this.#ids, holders });
  }

  #act(member: string): void {
    const view = this.#views.get(member);
    if (!view) return;
    const { take, giveUp } = rebalance({ self: member, ...view });
    for (const id of giveUp) if (this.#holders.get(id) === member) this.#holders.delete(id);
    for (const id of take) if (!this.#live.has(this.#holders.get(id) ?? '')) this.#holders.set(id, member);
  }

  /** Nothing happens any more: all live members look and act in turn. */
  settle(): void {
    this.#live.add('m0');
    for (let round = 0; round < 3; round++)
      for (const member of [...this.#live]) {
        this.#look(member);
        this.#act(member);
      }
  }

  get #ids(): string[] {
    return Array.from({ length: this.#partitions }, (_, i) => `p${i}`);
  }

  get freePartitions(): string[] {
    return this.#ids.filter((id) => !this.#live.has(this.#holders.get(id) ?? ''));
  }

  get unevenness(): number {
    const counts = [...this.#live].map((member) => heldBy(this.#holders, member).length);
    return Math.max(...counts) - Math.min(...counts);
  }
}
