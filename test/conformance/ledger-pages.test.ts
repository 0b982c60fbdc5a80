import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LEDGER_PIECE_ROWS } from '../../src/limits.ts';
import type { LedgerQuery, SourceLedger, Store, StoreStatus } from '../../src/store/contract.ts';
import { UTC } from '../../src/window/zone.ts';
import { adding, advanceOf, compareBytes } from '../support/batches.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

describe.each(STORE_KINDS)('The ledgers of a $name store, page by page', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  const ask = (query: Partial<LedgerQuery> = {}) => store.ledgerPage({ fromId: '', limit: 100, ...query });
  const idsOf = (ledgers: readonly SourceLedger[]) => ledgers.map(({ id }) => id);
  const add = (...ids: string[]) => store.addPartitions(() => adding(...ids));
  /** Moves a partition on by lines of which some are rejected. */
  const move = (id: string, reasons: Record<string, number>, accepted = 1, change = {}) => {
    const rejected = Object.values(reasons).reduce((sum, lines) => sum + lines, 0);
    const counts = { lines: accepted + rejected, accepted, rejected };
    const ledger = { ...counts, rejectedByReason: new Map(Object.entries(reasons)), ...change };
    const advances = [advanceOf(id, 0, 10 * counts.lines, ledger)];
    return store.commit({ timeZone: 'UTC', advances, deltas: [] });
  };
  /** All pages, as a client reads them: the next one begins with the id behind the last. */
  async function allPages(limit: number, query: Partial<LedgerQuery> = {}): Promise<SourceLedger[]> {
    const all: SourceLedger[] = [];
    for (let fromId = ''; ; ) {
      const page = await ask({ ...query, fromId, limit: limit + 1 });
      all.push(...page.slice(0, limit));
      if (page.length <= limit) return all;
      fromId = page[limit]?.id ?? '';
    }
  }

  test('are the ledgers that all of them together are, whatever the length of a page', async () => {
    await add('b', 'a', 'é', 'Z', '\u{1f600}', '\uffff');
    await move('a', { empty_line: 3, malformed_line: 1 });
    await move('é', { malformed_line: 2 }, 0);
    await move('b', {}, 7, { excluded: 2, lines: 9, firstEventMs: 5, lastEventMs: 9, clockMs: 9 });
    const whole = (await store.ledger()).map(({ rejections, reader: _, ...ledger }) => ({
      ...ledger,
      rejections: rejections.map(({ kept: _, ...count }) => count),
    }));
    for (const limit of [1, 2, 3, 6, 7]) expect(await allPages(limit)).toEqual(whole);
    expect(idsOf(await ask())).toEqual(['a', 'b', 'Z', 'é', '\u{1f600}', '\uffff'].sort(compareBytes));
  });

  test('are of one state, of some reasons, or of those with rejected lines, where that is asked for', async () => {
    await add('a', 'b', 'c', 'd');
    await move('a', { empty_line: 1 });
    await move('b', { malformed_line: 1 }, 1, { isFinished: true });
    await move('c', {}, 1, { isFinished: true });
    expect(idsOf(await ask({ state: 'live' }))).toEqual(['a', 'd']);
    expect(idsOf(await ask({ state: 'finished' }))).toEqual(['b', 'c']);
    expect(idsOf(await ask({ state: 'retired' }))).toEqual([]);
    expect(idsOf(await ask({ hasRejected: true }))).toEqual(['a', 'b']);
    expect(idsOf(await ask({ reasons: ['malformed_line'] }))).toEqual(['b']);
    expect(idsOf(await ask({ reasons: ['malformed_line', 'empty_line'] }))).toEqual(['a', 'b']);
    expect(idsOf(await ask({ reasons: ['malformed_line'], state: 'live' }))).toEqual([]);
    expect(idsOf(await ask({ fromId: 'b', limit: 2 }))).toEqual(['b', 'c']);
  });

  test('are found by id, by path and by the end of a path, and by nothing else', async () => {
    await store.addPartitions(() => {
      const [one, other, third] = adding('a', 'b', 'c');
      if (!one || !other || !third) throw new Error('three partitions');
      return [
        { ...one, name: '/logs/api.log' },
        { ...other, name: '/logs/old/API.log' },
        { ...third, name: 'api.log' },
      ];
    });
    for (const [source, ids] of [
      ['a', ['a']],
      ['/logs/api.log', ['a']],
      ['api.log', ['a', 'c']],
      ['logs/api.log', ['a']],
      ['old/API.log', ['b']],
      ['pi.log', []],
      ['%/api.log', []],
      ['_pi.log', []],
      ['', []],
      ['/logs/api.log/', []],
      [`x/logs/api.log`, []],
      ['a'.repeat(5000), []],
      ["' or 1=1 --", []],
    ] as const)
      expect([source, idsOf(await ask({ source }))]).toEqual([source, ids]);
  });

  test('stay whole while partitions are added and move on', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `p${String(i).padStart(2, '0')}`);
    await add(...ids);
    const seen: string[] = [];
    for (let fromId = '', i = 0; ; i++) {
      const page = await ask({ fromId, limit: 4 });
      seen.push(...idsOf(page.slice(0, 3)));
      for (const { lines, accepted, rejected, rejections } of page) {
        expect(lines).toBe(accepted + rejected);
        expect(rejections.reduce((sum, count) => sum + count.lines, 0)).toBe(rejected);
      }
      const next = page[3];
      if (!next) break;
      fromId = next.id;
      await add(`o${i}`, `q${i}`);
      await move(next.id, { empty_line: i + 1 }, i);
    }
    expect(seen.filter((id) => id.startsWith('p'))).toEqual(ids);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('are found behind thousands that are not asked for, and all are in the status', async () => {
    const ids = Array.from({ length: LEDGER_PIECE_ROWS + 3 }, (_, i) => `p${String(i).padStart(6, '0')}`);
    await add(...ids);
    const last = ids.slice(-2);
    for (const id of ['p000000', ...last]) await move(id, { empty_line: 2 }, 1, { isFinished: true });
    expect(idsOf(await ask({ state: 'finished' }))).toEqual(['p000000', ...last]);
    expect(idsOf(await ask({ state: 'finished', limit: 2 }))).toEqual(['p000000', last[0]]);
    expect(idsOf(await ask({ fromId: 'p000001', hasRejected: true }))).toEqual(last);
    expect(await ask({ limit: 10_000 })).toHaveLength(ids.length);
    const { partitions, lines, rejected } = await store.status();
    expect({ partitions, lines, rejected }).toEqual({
      partitions: { live: ids.length - 3, finished: 3, retired: 0 },
      lines: 9,
      rejected: 6,
    });
  });

  describe('and their status', () => {
    const NOTHING: StoreStatus = {
      ...{ lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0, excluded: 0 },
      partitions: { live: 0, finished: 0, retired: 0 },
      ...{ movedMs: null, lastEventMs: null, clockMs: null, finalThrough: null, timeZone: null },
    };

    test('of an empty store claims nothing', async () => {
      expect(await store.status()).toEqual(NOTHING);
    });

    test('is the sum of all ledgers', async () => {
      await add('a', 'b', 'c');
      await move('a', { empty_line: 3 }, 4, { lastEventMs: 100, firstEventMs: 50, clockMs: 100 });
      await move('b', {}, 5, { late: 4, dropped: 1, excluded: 2, lines: 8, isFinished: true, clockMs: 70 });
      const ledgers = await store.ledger();
      const sum = (column: 'lines' | 'accepted' | 'rejected' | 'late' | 'dropped' | 'excluded') =>
        ledgers.reduce((total, ledger) => total + ledger[column], 0);
      expect(await store.status()).toEqual({
        ...NOTHING,
        ...{ lines: sum('lines'), accepted: sum('accepted'), rejected: sum('rejected'), late: sum('late') },
        ...{ dropped: sum('dropped'), excluded: sum('excluded') },
        partitions: { live: 2, finished: 1, retired: 0 },
        movedMs: Math.max(...ledgers.map(({ movedMs }) => movedMs)),
        lastEventMs: 100,
        timeZone: 'UTC',
      });
      expect((await store.status()).lines).toBe(15);
    });

    test('has the clock that decides which days are final, and the last of those', async () => {
      const [early, late] = ['2024-10-02T05:00:00Z', '2024-10-03T07:00:00Z'].map((text) => Date.parse(text));
      const stand = (id: string, clockMs: number | null, isFinished = false) =>
        store.commit({
          timeZone: 'Europe/Berlin',
          advances: [advanceOf(id, 0, 0, { clockMs, isFinished })],
          finality: { nowMs: 1, waitMs: 3_600_000, zone: UTC },
          deltas: [],
        });
      const found = async () => {
        const { clockMs, finalThrough, timeZone } = await store.status();
        return [clockMs, finalThrough, timeZone];
      };
      await add('a', 'b');
      await stand('a', late ?? 0);
      expect(await found()).toEqual([null, null, 'Europe/Berlin']);
      await stand('b', early ?? 0);
      expect(await found()).toEqual([early, '2024-10-01', 'Europe/Berlin']);
      await stand('b', null, true);
      expect(await found()).toEqual([late, '2024-10-02', 'Europe/Berlin']);
      await stand('a', null, true);
      expect(await found()).toEqual([late, '2024-10-02', 'Europe/Berlin']);
    });
  });
});
