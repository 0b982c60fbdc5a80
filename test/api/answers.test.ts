import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Answers } from '../../src/api/answers.ts';
import { availabilityDefinition } from '../../src/statistics/availability.ts';
import type { Store } from '../../src/store/contract.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, placeOf } from './support.ts';

const AVAILABILITY = availabilityDefinition();

const OCTOBER = { customerId: 'cust_1', from: '2024-10-01' };

/** The real store, how often it was asked, and a place to do something before it answers. */
function watched(store: Store) {
  const asked = { versions: 0, rows: 0 };
  const before = { version: async () => {}, rows: async () => {} };
  return {
    asked,
    before,
    async dataVersion() {
      asked.versions++;
      const version = await store.dataVersion();
      await before.version();
      return version;
    },
    async windows(query: Parameters<Store['windows']>[0]) {
      asked.rows++;
      const rows = await store.windows(query);
      await before.rows();
      return rows;
    },
  };
}

/** The body of an answer in one piece. */
async function bodyOf(answer: ReturnType<Answers['find']>): Promise<string> {
  const found = await answer;
  if (found === undefined) throw new Error('the answer is too long for one piece');
  return String(found.body);
}

const successesOf = (body: string): number => JSON.parse(body)[0]?.success_requests ?? 0;

describe.each(STORE_KINDS)('on $name', (kind) => {
  test('requests that arrive together share one question for the version and one for the rows', async () => {
    const store = watched(await emptyStore(kind));
    const answers = new Answers(store, AVAILABILITY);
    await Promise.all(Array.from({ length: 25 }, () => answers.find(OCTOBER)));
    expect(store.asked).toEqual({ versions: 1, rows: 1 });
    await Promise.all(Array.from({ length: 25 }, () => answers.find(OCTOBER)));
    expect(store.asked).toEqual({ versions: 2, rows: 1 });
  });

  test('requests that arrive while the version is being asked share the question after it', async () => {
    const store = watched(await emptyStore(kind));
    const answers = new Answers(store, AVAILABILITY);
    const later: Promise<unknown>[] = [];
    let underWay = 0;
    store.before.version = async () => {
      expect(++underWay).toBe(1);
      for (let i = 0; i < 5 && store.asked.versions === 1; i++) {
        later.push(answers.find(OCTOBER));
        await setImmediate();
      }
      underWay--;
    };
    await answers.find(OCTOBER);
    await Promise.all(later);
    expect([later.length, store.asked.versions]).toEqual([5, 2]);
  });

  test('rows that are being read are not given to who asks after a commit', async () => {
    const real = await emptyStore(kind);
    const store = watched(real);
    const answers = new Answers(store, AVAILABILITY);
    const { promise: later, resolve } = Promise.withResolvers<string>();
    store.before.rows = async () => {
      store.before.rows = async () => {};
      await add(real, 'cust_1', { '2024-10-02': [SUCCESS] });
      resolve(bodyOf(answers.find(OCTOBER)));
      while (store.asked.versions < 2) await setImmediate();
      await setImmediate();
    };
    expect(await bodyOf(answers.find(OCTOBER))).toBe('[]');
    expect(successesOf(await later)).toBe(1);
  });

  test('different questions have different answers', async () => {
    const store = await emptyStore(kind);
    await add(store, 'a', { '2024-10-02': [SUCCESS], '2024-10-03': [SUCCESS] });
    await add(store, 'b', { '2024-10-02': [SUCCESS] });
    const answers = new Answers(store, AVAILABILITY);
    const ask = async (customerId: string, from: string, to?: string) =>
      (JSON.parse(await bodyOf(answers.find({ customerId, from, ...(to && { to }) }))) as unknown[]).length;
    const questions: [customerId: string, from: string, to?: string][] = [
      ['a', '2024-10-02'],
      ['a', '2024-10-03'],
      ['a', '2024-10-02', '2024-10-02'],
      ['b', '2024-10-02'],
      ['2024-10-02/a', '2024-10-02'],
    ];
    for (const _ of ['read', 'cached']) {
      expect(await Promise.all(questions.map((question) => ask(...question)))).toEqual([2, 1, 1, 1, 0]);
    }
  });

  test('a failure is told to those who asked, and the next is answered', async () => {
    const store = watched(await emptyStore(kind));
    const answers = new Answers(store, AVAILABILITY);
    for (const what of ['rows', 'version'] as const) {
      store.before[what] = async () => {
        throw new Error(`no ${what}`);
      };
      const asked = await Promise.allSettled([answers.find(OCTOBER), answers.find(OCTOBER)]);
      expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      store.before[what] = async () => {};
      expect(await bodyOf(answers.find(OCTOBER))).toBe('[]');
    }
  });

  test('whatever is asked and committed in whatever order, no answer is older than its question', async () => {
    const place = await placeOf(kind);
    const [reader, ...writers] = [await place.open(), await place.open(), await place.open()];
    await reader.migrate();
    let customers = 0;
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('ask' as const) },
      { weight: 1, arbitrary: fc.constant('turn' as const) },
      { weight: 2, arbitrary: fc.constantFrom(...([0, 1] as const)) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 40 }), async (steps) => {
        // The bound is so low that answers are evicted, too.
        const answers = new Answers(reader, AVAILABILITY, 2_000);
        const customerId = `cust_${customers++}`;
        const under = { way: [] as Promise<void>[], begun: 0, committed: 0 };
        for (const next of steps) {
          if (next === 'ask') under.way.push(askAndCheck(answers, customerId, under));
          else if (next === 'turn') await setImmediate();
          else await commitOne(writers[next], customerId, under);
        }
        await Promise.all(under.way);
      }),
      { numRuns: 40 },
    );
  });
});

interface Progress {
  begun: number;
  committed: number;
}

async function commitOne(store: Store, customerId: string, progress: Progress): Promise<void> {
  progress.begun++;
  await add(store, customerId, { '2024-10-02': [SUCCESS] });
  progress.committed++;
}

async function askAndCheck(answers: Answers, customerId: string, progress: Progress): Promise<void> {
  const { committed } = progress;
  const body = await bodyOf(answers.find({ customerId, from: '2024-10-02' }));
  expect(successesOf(body)).toBeGreaterThanOrEqual(committed);
  expect(successesOf(body)).toBeLessThanOrEqual(progress.begun);
}
