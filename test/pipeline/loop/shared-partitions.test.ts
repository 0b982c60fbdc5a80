/** Pipelines that divide the partitions of one source, as several processes do. */

import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FOLLOW_POLL_MS } from '../../../src/limits.ts';
import type { LeaseChange, Summary } from '../../../src/pipeline/types.ts';
import type { Store } from '../../../src/store/contract.ts';
import { CountedLines } from '../../support/counted-lines.ts';
import { eventually } from '../../support/eventually.ts';
import { MessageQueue, MessageSource } from '../../support/message-source.ts';
import { pipelineOf } from '../../support/pipeline.ts';
import { ledger, statisticsRows } from '../../support/rows.ts';
import { POSTGRES, type StorePlace } from '../../support/stores.ts';
import { WAIT_BOUND_MS } from '../../support/until.ts';

/** So short that a test sees leases end, and so long that a busy machine rarely loses one. */
const LEASE_MS = 1_500;

// In one thread, connections to SQLite would wait for each other for ever. `end-to-end/` has processes.
describe('The partitions of a topic, with PostgreSQL', () => {
  let place: StorePlace;
  let queues: MessageQueue[];
  let lines: CountedLines;
  const running: Run[] = [];

  beforeEach(async () => {
    place = await POSTGRES.createPlace();
    await (await place.open()).migrate();
    queues = Array.from({ length: 6 }, () => new MessageQueue());
    lines = new CountedLines();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((run) => run.kill()));
    await place.dispose();
  });

  /** Lines to each of the queues. */
  const produce = () => {
    for (const queue of queues) queue.append(lines.lines(3));
  };
  const start = async (name: string, { isFollowing = true } = {}): Promise<Run> => {
    const run = new Run(name, await place.open(), queues, isFollowing);
    running.push(run);
    return run;
  };
  const counts = async () => (await ledger(place)).lines;
  const requests = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries((await statisticsRows(place)).map((row) => [row.customer_id, row.success_requests]));
  const allCount = async () => {
    await eventually(counts).toBe(lines.count);
    expect(await requests()).toEqual(Object.fromEntries(lines.requests));
  };

  test('are all read by a process that is alone', async () => {
    produce();
    const run = await start('a');
    await allCount();
    expect(run.held).toBe(6);
  });

  test('are divided evenly, also those that come later, and each line counts once', async () => {
    produce();
    const runs = [await start('a'), await start('b'), await start('c')];
    await eventually(() => runs.map(({ held }) => held)).toEqual([2, 2, 2]);
    produce();
    await allCount();
    queues.push(new MessageQueue(), new MessageQueue(), new MessageQueue());
    produce();
    await eventually(() => runs.map(({ held }) => held)).toEqual([3, 3, 3]);
    await allCount();
    const [first] = running.splice(0, 1);
    await first?.stop();
    await eventually(() => runs.map(({ held }) => held).sort()).toEqual([0, 4, 5]);
    produce();
    await allCount();
    const readers = await (await place.open()).leases.readers();
    expect(readers.map(({ name, work, partitions }) => [name, work, partitions])).toEqual([
      ['b', 'topic', expect.any(Number)],
      ['c', 'topic', expect.any(Number)],
    ]);
  });

  test('go to the others when a process is paused, and what that one still writes is refused', async () => {
    produce();
    const [a, b] = [await start('a'), await start('b')];
    await eventually(() => [a.held, b.held]).toEqual([3, 3]);
    await allCount();
    // It has read lines of its partitions, and is paused right before it commits them.
    const paused = a.pauseBeforeCommit();
    produce();
    await paused;
    await eventually(() => b.held).toBe(6);
    await allCount();
    a.goOn();
    await eventually(() => a.refused).toBeGreaterThan(0);
    await eventually(() => [a.held, b.held]).toEqual([3, 3]);
    produce();
    await allCount();
  });

  test('are read to their ends by runs that end, whichever of them reads which', async () => {
    for (let i = 0; i < 5; i++) produce();
    const runs = [await start('a', { isFollowing: false }), await start('b', { isFollowing: false })];
    const summaries = await Promise.all(runs.map(({ summary }) => summary));
    expect(summaries.map(({ isComplete }) => isComplete)).toEqual([true, true]);
    expect(summaries.reduce((sum, one) => sum + one.lines, 0)).toBe(lines.count);
    await allCount();
  });

  test('are no longer waited for by a run that ends when the process that holds them has read them', async () => {
    produce();
    const other = await place.open();
    // For longer than the test may take.
    await other.leases.renew({ id: 'other', work: 'topic', name: 'other' }, 10 * WAIT_BOUND_MS);
    await other.leases.take('other', ['queue-0', 'queue-1', 'queue-2']);
    const run = await start('a', { isFollowing: false });
    await eventually(counts).toBe(lines.count / 2);
    // It has found nothing to do for a while.
    await delay(3 * FOLLOW_POLL_MS);
    const { signal } = new AbortController();
    const rest = { source: new MessageSource(queues), store: other, signal, isFollowing: false };
    await pipelineOf({ ...rest, pause: async () => undefined, systemTimeMs: () => Date.now() }).run();
    expect((await run.summary).isComplete).toBe(true);
    await allCount();
  });

  test('are waited for by a run that ends while a process that is gone still holds them', async () => {
    produce();
    const gone = await place.open();
    await gone.leases.renew({ id: 'gone', work: 'topic', name: 'gone' }, LEASE_MS);
    await gone.leases.take('gone', ['queue-0', 'queue-1', 'queue-2']);
    const run = await start('a', { isFollowing: false });
    expect((await run.summary).isComplete).toBe(true);
    await allCount();
  });
});

/** A pipeline in this thread. */
class Run {
  readonly summary: Promise<Summary>;
  held = 0;
  /** Commits that the store refused because another process had moved a partition. */
  refused = 0;
  readonly #stop = new AbortController();
  #isPaused: Promise<void> | undefined;
  #goOn = () => {};
  #pauses: (() => void) | undefined;

  constructor(name: string, store: Store, queues: readonly MessageQueue[], isFollowing: boolean) {
    const pipeline = pipelineOf({
      source: new MessageSource(queues, 'topic'),
      store: this.#pausable(store),
      signal: this.#stop.signal,
      pause: async (ms, signal) => {
        await delay(ms, undefined, { signal }).catch(() => undefined);
      },
      leases: {
        name,
        leaseMs: LEASE_MS,
        newId: () => `id of ${name}`,
        delay: async (ms, signal) => {
          await delay(ms, undefined, { signal });
          await this.#isPaused;
        },
      },
      systemTimeMs: () => Date.now(),
      now: () => performance.now(),
      events: {
        leases: ({ held }: LeaseChange) => {
          this.held = held;
        },
      },
      isFollowing,
    });
    this.summary = pipeline.run();
  }

  #pausable(store: Store): Store {
    const commit: Store['commit'] = async (batch) => {
      const isEmpty = batch.advances.every(({ lines }) => lines === 0);
      if (this.#pauses && !isEmpty) {
        this.#isPaused = new Promise((resolve) => {
          this.#goOn = resolve;
        });
        this.#pauses();
        this.#pauses = undefined;
      }
      await this.#isPaused;
      try {
        await store.commit(batch);
      } catch (error) {
        if ((error as { code?: string }).code === 'CHECKPOINT_MOVED') this.refused++;
        throw error;
      }
    };
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'commit') return commit;
        const value = target[name as keyof Store];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Stops the pipeline and its heartbeats before its next commit of lines. @returns when it stands there. */
  pauseBeforeCommit(): Promise<void> {
    return new Promise((resolve) => {
      this.#pauses = resolve;
    });
  }

  goOn(): void {
    this.#isPaused = undefined;
    this.#goOn();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.summary;
  }

  async kill(): Promise<void> {
    this.goOn();
    await this.stop();
  }
}
