import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputOutages } from '../../../src/pipeline/loop/input-outages.ts';
import {
  type DiscoveredPartitions,
  type DiscoveryParts,
  discoverPartitions,
  firstPoll,
  type Poll,
  pollSource,
} from '../../../src/pipeline/loop/partition-discovery.ts';
import type { Assigned, Assignment, Discovery, Source } from '../../../src/source/contract.ts';
import { FilesSource } from '../../../src/source/files/files-source.ts';
import type { Store } from '../../../src/store/contract.ts';
import { envOf, run } from '../../support/cli.ts';
import { pipelineOf } from '../../support/pipeline.ts';
import { scanSettings } from '../../support/scan-settings.ts';
import { STORE_KINDS, type StorePlace } from '../../support/stores.ts';
import { WrappedSource } from '../../support/wrapped-source.ts';

const LINE = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n';
const SCAN = scanSettings('default');

/** Discovers partitions as a run does. @param how.poll one that was made before. */
async function discover(
  source: Source,
  store: Store,
  how: Partial<DiscoveryParts> & { readonly poll?: Poll },
): Promise<DiscoveredPartitions> {
  const systemTimeMs = () => 0;
  const parts = { source, store, scan: SCAN, isGrowing: false, mayAdd: () => true, systemTimeMs };
  return await discoverPartitions(how.poll ?? (await pollSource(source, systemTimeMs)), { ...parts, ...how });
}

describe.each(STORE_KINDS)('partition discovery with $name', (kind) => {
  let place: StorePlace;
  let directory: string;

  beforeEach(async () => {
    place = await kind.createPlace();
    directory = mkdtempSync(join(tmpdir(), 'daymark-discovery-'));
  });

  afterEach(async () => {
    await place.dispose();
    rmSync(directory, { recursive: true });
  });

  it('adds a short file once, also where another process saw it longer meanwhile', async () => {
    const log = join(directory, 'a.log');
    writeFileSync(log, LINE);
    const source = new FilesSource([directory]);
    const old = await source.discover();
    appendFileSync(log, LINE.replace('cust_40', 'cust_41'));
    expect((await run(['ingest', directory], { env: envOf(place.location) })).code).toBe(0);
    const store = await place.open();
    const { assignments } = await discover(source, store, { poll: { discovery: old, seenMs: 0 } });
    expect(assignments).toEqual([]);
    expect(await store.checkpoints.all()).toHaveLength(1);
  });

  it('adds nothing where it is told not to', async () => {
    writeFileSync(join(directory, 'a.log'), LINE);
    const store = await place.open();
    await store.migrate();
    expect(
      (await discover(new FilesSource([directory]), store, { isGrowing: false, mayAdd: () => false }))
        .assignments,
    ).toEqual([]);
    expect(await store.checkpoints.all()).toEqual([]);
  });

  it('waits for the end of a first line while the file grows, and judges it where it does not', async () => {
    writeFileSync(join(directory, 'a.log'), LINE.slice(0, 30));
    const store = await place.open();
    await store.migrate();
    const { problems } = await discover(new FilesSource([directory]), store, {
      isGrowing: false,
      mayAdd: () => true,
    });
    expect(problems.map(({ error }) => error.code)).toEqual(['NO_LINE_UNDERSTOOD']);
    expect(
      (await discover(new FilesSource([directory]), store, { isGrowing: true, mayAdd: () => true })).problems,
    ).toEqual([]);
  });

  it('polls and assigns a new file twice, once before the lock of the store and once under it', async () => {
    writeFileSync(join(directory, 'a.log'), LINE);
    const store = await place.open();
    await store.migrate();
    const calls: string[] = [];
    const source = new CountedSource(new FilesSource([directory]), (call) => calls.push(call));
    const signal = new AbortController().signal;
    const never = { signal, pause: async () => undefined, systemTimeMs: () => 0 };
    const inputs = new InputOutages({
      events: { inputWaiting: () => undefined, inputRecovered: () => undefined },
      ...{ retryForMs: 0, now: () => 0, random: () => 0 },
    });
    const poll = await firstPoll({ source, scan: SCAN, inputs, ...never });
    // Without the store: an input that is wrong must not leave a database behind.
    expect(calls).toEqual(['discover', 'assign']);
    calls.length = 0;
    await pipelineOf({ source, store, isFollowing: false, firstPoll: poll, ...never }).run();
    expect(calls).toEqual(['assign', 'discover', 'assign', 'open']);
    calls.length = 0;
    await pipelineOf({ source, store, isFollowing: false, ...never }).run();
    expect(calls).toEqual(['discover', 'assign']);
  });
});

/** Says how often a source is asked. */
class CountedSource extends WrappedSource {
  readonly #note: (call: string) => void;

  constructor(source: Source, note: (call: string) => void) {
    super(source);
    this.#note = note;
  }

  override async discover(): Promise<Discovery> {
    this.#note('discover');
    return await super.discover();
  }

  protected override assigned(assigned: Assigned): Assigned {
    this.#note('assign');
    return { ...assigned, assignments: assigned.assignments.map((one) => this.#counted(one)) };
  }

  #counted(assignment: Assignment): Assignment {
    return {
      ...assignment,
      open: async (yieldPoint) => {
        this.#note('open');
        return await assignment.open(yieldPoint);
      },
    };
  }
}
