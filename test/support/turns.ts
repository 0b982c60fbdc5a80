/** A directory of logs and archives that a pipeline follows in turns, and what happens in which order. */

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { EventTimeSettings } from '../../src/pipeline/types.ts';
import type { Assigned, Discovery, Source } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import type { Store } from '../../src/store/contract.ts';
import { customerDays } from '../../src/window/key.ts';
import { pipelineOf } from './pipeline.ts';
import { SQLITE, type StorePlace } from './sqlite-place.ts';
import { WrappedSource } from './wrapped-source.ts';

/** What the program takes for the system time. */
export const NOW_MS = Date.now() + 3_600_000;

/** What one test works with. {@link useTurns} sets it before each test. */
class Turns {
  directory = '';
  place!: StorePlace;
  store!: Store;
  /** The number of the next line of the live log. */
  written = 0;

  /** Goes on with an empty store of its own. */
  async openStore(): Promise<void> {
    this.place = await SQLITE.createPlace();
    this.store = await this.place.open();
    await this.store.migrate();
  }
}
export const turns = new Turns();

/** Gives each test a directory and a store, and deletes them when it is over. */
export function useTurns(): void {
  beforeEach(async () => {
    turns.directory = mkdtempSync(join(tmpdir(), 'daymark-turns-'));
    turns.written = 0;
    await turns.openStore();
  });
  afterEach(async () => {
    await turns.place.dispose();
    rmSync(turns.directory, { recursive: true });
  });
}

export const pathOf = (name: string) => join(turns.directory, name);

/** Lines in an order of time that goes back and forth over days. */
export function linesOf(customer: string, count: number): Buffer {
  const lines = Array.from({ length: count }, (_, i) => {
    const day = String(1 + ((i * 7) % 9)).padStart(2, '0');
    const second = String(i % 60).padStart(2, '0');
    return `2024-10-${day} 05:10:${second} ${customer} /requests/${customer}/${i} 200 0.100\n`;
  });
  return Buffer.from(lines.join(''));
}

/** What happened, in its order: commits by the logs that they move, looks, and archives that were opened. */
type Event =
  | { readonly kind: 'look' }
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'commit'; readonly names: readonly string[] };

interface Watched {
  readonly events: readonly Event[];
  readonly lines: number;
}

interface FollowSettings {
  /** Called at each event; what it changes is there at the next look. */
  readonly at?: (event: Event, events: readonly Event[], stop: () => void) => Promise<void> | void;
  /** The clock goes on by so much whenever it is asked: at least once for each block of an archive. */
  readonly stepMs?: number;
  readonly eventTime?: Partial<EventTimeSettings>;
}

/** Follows the directory until all is read, or it is stopped. */
export async function follow({
  at = () => undefined,
  stepMs = 60,
  eventTime,
}: FollowSettings = {}): Promise<Watched> {
  const events: Event[] = [];
  const stop = new AbortController();
  const note = async (event: Event) => {
    events.push(event);
    await at(event, events, () => stop.abort());
  };
  // It goes on while the program rests: what it has seen is quiet then.
  let restedMs = 0;
  const source = new FilesSource([turns.directory], { isFollowing: true, nowMs: () => restedMs });
  let nowMs = 0;
  const pipeline = pipelineOf({
    source: new WatchedSource(source, note),
    store: watched(turns.store, note),
    signal: stop.signal,
    pause: async () => {
      restedMs += 2_000;
      if (restedMs >= 10_000) stop.abort();
    },
    systemTimeMs: () => NOW_MS,
    isFollowing: true,
    ...(eventTime ? { eventTime } : {}),
    now: () => {
      nowMs += stepMs;
      return nowMs;
    },
  });
  try {
    const { lines } = await pipeline.run();
    return { events, lines };
  } finally {
    source.close();
  }
}

function watched(real: Store, note: (event: Event) => Promise<void>): Store {
  return new Proxy(real, {
    get: (target, key: keyof Store) => {
      if (key !== 'commit') {
        const value = target[key];
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (batch: Parameters<Store['commit']>[0]) => {
        await target.commit(batch);
        const moved = batch.advances.filter(({ fromOffset, toOffset }) => toOffset > fromOffset);
        if (moved.length > 0) await note({ kind: 'commit', names: moved.map(({ name }) => basename(name)) });
      };
    },
  });
}

class WatchedSource extends WrappedSource {
  readonly #note: (event: Event) => Promise<void>;

  constructor(source: Source, note: (event: Event) => Promise<void>) {
    super(source);
    this.#note = note;
  }

  override async discover(): Promise<Discovery> {
    await this.#note({ kind: 'look' });
    return await super.discover();
  }

  protected override assigned(assigned: Assigned): Assigned {
    const assignments = assigned.assignments.map((assignment) => ({
      ...assignment,
      open: async (yieldPoint?: () => Promise<void>) => {
        await this.#note({ kind: 'open', name: basename(assignment.partition.name) });
        return await assignment.open(yieldPoint);
      },
    }));
    return { ...assigned, assignments };
  }
}

/** Requests by customer, as the store has them, and that its ledgers add up. */
export async function counted(): Promise<Record<string, number>> {
  const checkpoints = await turns.store.checkpoints.all();
  const lines = checkpoints.reduce((sum, checkpoint) => sum + checkpoint.lines, 0);
  const counts: Record<string, number> = {};
  for (const customerId of ['live', 'old', 'other']) {
    const rows = await turns.store.windows({ ...customerDays(customerId), from: '0001-01-01', limit: 99 });
    counts[customerId] = rows.reduce((sum, row) => sum + row.success_requests + row.failed_requests, 0);
  }
  expect(lines).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0));
  return counts;
}

export const commitsOf = (events: readonly Event[]) =>
  events.flatMap((event) => (event.kind === 'commit' ? [event.names] : []));
export const opensOf = (events: readonly Event[], name: string) =>
  events.filter((event) => event.kind === 'open' && event.name === name).length;
export const isCommitOf = (event: Event, name: string) =>
  event.kind === 'commit' && event.names.includes(name);

export const LIVE = linesOf('live', 40);
export const OLD_LINES = 60_000;
export const OLD = linesOf('old', OLD_LINES);

/** Adds a line to the live log. */
export function writeLive(): void {
  const line = `2024-10-02 05:10:46 live /again/${turns.written++} 200 0.100\n`;
  appendFileSync(pathOf('live.log'), line);
}
