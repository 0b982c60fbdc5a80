import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RejectedLine, RejectedLinesQuery, Store } from '../../src/store/contract.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

describe.each(STORE_KINDS)('The ledger of a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
    await store.addPartitions(() => adding('a', 'b'));
  });
  afterEach(() => place.dispose());

  const line = (offset: number, reason = 'empty_line'): RejectedLine => ({
    offset,
    reason,
    excerpt: `${offset}`,
  });

  /** A batch of partition `a` of which all lines are rejected, as these kept ones say. */
  const reject = (fromOffset: number, toOffset: number, rejectedLines: readonly RejectedLine[]) => {
    const reasons = Map.groupBy(rejectedLines, ({ reason }) => reason);
    const rejectedByReason = new Map([...reasons].map(([reason, lines]) => [reason, lines.length]));
    const rejected = rejectedLines.length;
    const change = { lines: rejected, accepted: 0, rejected, rejectedByReason, rejectedLines };
    const advances = [advanceOf('a', fromOffset, toOffset, change)];
    return store.commit({ timeZone: 'UTC', advances, deltas: [] });
  };

  test('says of every partition what became of its lines, and when it moved', async () => {
    const [{ movedMs }] = await store.ledger();
    const { now } = (
      await place.query(
        place.location.kind === 'sqlite'
          ? 'select unixepoch() * 1000 as now'
          : 'select cast(extract(epoch from now()) * 1000 as bigint) as now',
      )
    )[0] as { now: number };
    expect(Math.abs(movedMs - Number(now))).toBeLessThan(3_600_000);
    await reject(0, 30, [line(0), line(10, 'malformed_line'), line(20)]);
    const times = { firstEventMs: 1000, lastEventMs: 2000, clockMs: 3000 };
    const change = { lines: 8, accepted: 3, late: 4, dropped: 2, excluded: 3, ...times };
    await store.commit({ timeZone: 'UTC', advances: [advanceOf('b', 0, 7, change)], deltas: [] });
    const [checkpointOfA, checkpointOfB] = (await store.checkpoints.all()).map((checkpoint) => {
      const { headKey: _, inode: _i, startOffset: _s, prefixChecksums: _p, host: _h, ...rest } = checkpoint;
      return { ...rest, reader: null };
    });
    expect(await store.ledger()).toEqual([
      {
        ...checkpointOfA,
        movedMs: expect.any(Number),
        rejections: [
          { reason: 'empty_line', lines: 2, kept: 2 },
          { reason: 'malformed_line', lines: 1, kept: 1 },
        ],
      },
      { ...checkpointOfB, movedMs: expect.any(Number), rejections: [] },
    ]);
    expect(checkpointOfB).toMatchObject({
      offset: 7,
      ...times,
      late: 4,
      dropped: 2,
      excluded: 3,
      addedMs: 0,
    });
  });

  test('tells counted lines from those that are kept', async () => {
    const many = Array.from({ length: 700 }, (_, i) => line(i));
    await reject(0, 700, many);
    await reject(
      700,
      1400,
      many.map(({ offset }) => line(offset + 700)),
    );
    expect((await store.ledger())[0].rejections).toEqual([{ reason: 'empty_line', lines: 1400, kept: 1000 }]);
  });

  test('adds up at every moment at which others commit', async () => {
    const writer = await place.open();
    const write = async () => {
      for (let i = 0; i < 60; i++) {
        const change = {
          lines: 3,
          accepted: 1,
          rejected: 2,
          rejectedByReason: new Map([['empty_line', 2]]),
        };
        const advances = [advanceOf('a', i, i + 1, change)];
        await writer.commit({ timeZone: 'UTC', advances, deltas: deltasOf([requestOf('c', '2024-10-02')]) });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    let isDone = false;
    const done = write().finally(() => {
      isDone = true;
    });
    const seen = new Set<number>();
    while (!isDone) {
      for (const { lines, accepted, rejected, dropped, excluded, rejections } of await store.ledger()) {
        expect(lines).toBe(accepted + rejected + dropped + excluded);
        expect(rejections.reduce((sum, count) => sum + count.lines, 0)).toBe(rejected);
        seen.add(lines);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    expect(seen.size).toBeGreaterThan(5);
  });

  test('gives kept lines by their offset, of some reasons where it is asked for, page by page', async () => {
    const lines = [line(0), line(10, 'malformed_line'), line(20), line(25, 'malformed_line')];
    await reject(0, 30, lines);
    const ask = (query: Partial<RejectedLinesQuery>) =>
      store.rejectedLines({ partitionId: 'a', fromOffset: 0, toOffset: 30, limit: 10, ...query });
    expect(await ask({})).toEqual(lines);
    expect(await ask({ limit: 2 })).toEqual(lines.slice(0, 2));
    expect(await ask({ fromOffset: 10, toOffset: 25 })).toEqual(lines.slice(1, 3));
    expect(await ask({ reasons: ['malformed_line'] })).toEqual([lines[1], lines[3]]);
    expect(await ask({ reasons: ['malformed_line'], fromOffset: 11, limit: 1 })).toEqual([lines[3]]);
    expect(await ask({ reasons: ['malformed_line', 'empty_line'], limit: 3 })).toEqual(lines.slice(0, 3));
    expect(await ask({ partitionId: 'b' })).toEqual([]);
  });
});
