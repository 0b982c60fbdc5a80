import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { STORE_KINDS, type StoreLocation } from '../support/stores.ts';
import type { CommittingInput } from './committing-thread.ts';
import { placeOf, serve } from './support.ts';

const COMMITS = 100;
const CLIENTS = 12;

/** Starts a thread that commits `COMMITS` requests of `cust_1`. */
function startCommitting(location: StoreLocation) {
  const committed = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { location, customerId: 'cust_1', date: '2024-10-02', commits: COMMITS, committed };
  const thread = new Worker(new URL('./committing-thread.ts', import.meta.url), {
    workerData: workerData satisfies CommittingInput,
  });
  return { committed: () => Atomics.load(committed, 0), ended: once(thread, 'exit') };
}

describe.each(STORE_KINDS)('on $name', (kind) => {
  test('who has seen a commit succeed gets it, however many ask and whoever commits', async () => {
    const place = await placeOf(kind);
    const store = await place.open();
    await store.migrate();
    const url = `${await serve({ store })}/customers/cust_1/stats?from=2024-10-02`;
    const { committed, ended } = startCommitting(place.location);
    const seen = new Set<number>();
    const client = async () => {
      for (let known = 0; known < COMMITS; known = committed()) {
        const [day] = (await (await fetch(url)).json()) as { success_requests: number }[];
        expect(day?.success_requests ?? 0).toBeGreaterThanOrEqual(known);
        seen.add(day?.success_requests ?? 0);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await ended;
    // The clients did ask while commits were made.
    expect(seen.size).toBeGreaterThan(2);
    expect(await (await fetch(url)).json()).toMatchObject([{ success_requests: COMMITS }]);
  });
});
