import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Summary } from '../../../src/pipeline/types.ts';
import type { Assigned, Assignment, Discovery } from '../../../src/source/contract.ts';
import { FilesSource } from '../../../src/source/files/files-source.ts';
import type { Store } from '../../../src/store/contract.ts';
import { customerDay, customerDays, spanOf } from '../../../src/window/key.ts';
import { pipelineOf } from '../../support/pipeline.ts';
import { STORE_KINDS, type StorePlace } from '../../support/stores.ts';
import { until } from '../../support/until.ts';
import { WrappedSource } from '../../support/wrapped-source.ts';

const HOUR_MS = 3_600_000;
const at = (time: string) => Date.parse(`${time}Z`);
const line = (time: string) => `${time.replace('T', ' ')} c /path 200 0.1\n`;

/** The pipeline polls the files this often by the clock of the test. */
const POLL_INTERVAL_MS = 2_000;
/** Until then every wait of the files (for the end of a line, for quiet) is over. */
const MANY_POLLS = 20;

describe.each(STORE_KINDS)('following into $name', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;
  let directory: string;
  let nowMs: number;
  /** How often the pipeline has polled the files and acted on what it found. */
  let polls = 0;
  let stop: AbortController | undefined;
  let ended: Promise<Summary> | undefined;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
    directory = mkdtempSync(join(tmpdir(), 'daymark-finality-'));
  });
  afterEach(async () => {
    await halt();
    await place.dispose();
    rmSync(directory, { recursive: true });
  });

  /** Writes lines at a time of the system clock. */
  function write(name: string, systemTime: string, ...times: string[]): void {
    const path = join(directory, name);
    appendFileSync(path, times.map(line).join(''));
    utimesSync(path, new Date(at(systemTime)), new Date(at(systemTime)));
  }

  /** A log of this name is always another one when it is opened. So the reader polls again and again without a pause. */
  let unreadable: string | undefined;

  class BusySource extends WrappedSource {
    override async discover(): Promise<Discovery> {
      await nextTurn();
      return await super.discover();
    }

    protected override assigned(assigned: Assigned): Assigned {
      const isAhead = ({ partition }: Assignment) => basename(partition.name) === unreadable;
      if (unreadable !== undefined) polls++;
      const assignments = assigned.assignments.map((one) =>
        isAhead(one) ? { ...one, open: async () => undefined } : one,
      );
      return { ...assigned, assignments };
    }
  }

  function run(isFollowing: boolean, signal: AbortSignal, caughtUp: () => void): Promise<Summary> {
    const pipeline = pipelineOf({
      source: new BusySource(
        new FilesSource([directory], {
          isFollowing,
          lastLineWaitMs: 0,
          nowMs: () => polls * POLL_INTERVAL_MS,
        }),
      ),
      ...{ store, signal, isFollowing },
      systemTimeMs: () => nowMs,
      pause: async () => {
        polls++;
        await nextTurn();
      },
      eventTime: { waitMs: HOUR_MS },
      events: { caughtUp },
    });
    return pipeline.run();
  }

  const readOnce = () => run(false, new AbortController().signal, () => undefined);

  /** Starts to follow at a system time. @returns when everything that is there was read. */
  function follow(systemTime: string): Promise<void> {
    nowMs = at(systemTime);
    stop = new AbortController();
    const { signal } = stop;
    return new Promise((resolve) => {
      ended = run(true, signal, resolve);
    });
  }

  async function halt(): Promise<void> {
    stop?.abort();
    await ended;
    stop = ended = undefined;
  }

  const days = () => store.windows({ ...customerDays('c'), from: '0001-01-01', limit: 100 });
  const finalDays = async () =>
    (await days()).filter(({ finalSinceMs }) => finalSinceMs !== null).map(({ key }) => spanOf(key));

  /** Lets the pipeline poll many times with everything as it is now. What has not happened then does not happen. */
  async function pollsPass(): Promise<void> {
    // The poll that is under way may have begun before.
    const target = polls + 1 + MANY_POLLS;
    await until(() => polls >= target);
  }

  it('finishes a log that has gone while another one was always ahead of the reader', async () => {
    write('a.log', '2024-10-02T23:31:00', '2024-10-02T23:30:00');
    write('b.log', '2024-10-02T23:31:00', '2024-10-02T23:30:01');
    await follow('2024-10-02T23:31:00');
    unreadable = 'b.log';
    write('b.log', '2024-10-02T23:31:00', '2024-10-02T23:30:02');
    rmSync(join(directory, 'a.log'));
    await pollsPass();
    unreadable = undefined;
    await until(async () => (await days())[0]?.success_requests === 3);
    await pollsPass();
    const states = (await store.checkpoints.all()).map(({ name, state }) => [basename(name), state]);
    expect(new Map(states as [string, string][])).toEqual(
      new Map([
        ['a.log', 'finished'],
        ['b.log', 'live'],
      ]),
    );
  });

  it('makes a day final when system time has moved the watermark past its end, and not before', async () => {
    write('a.log', '2024-10-02T23:31:00', '2024-10-02T23:30:00');
    await follow('2024-10-02T23:31:00');
    nowMs = at('2024-10-03T01:00:59');
    await pollsPass();
    expect(await finalDays()).toEqual([]);
    expect(await store.checkpoints.all()).toMatchObject([
      { state: 'live', clockMs: at('2024-10-02T23:30:00') },
    ]);
    nowMs = at('2024-10-03T01:01:00');
    await until(async () => (await finalDays()).length > 0);
    expect(await days()).toMatchObject([
      { key: customerDay('c', '2024-10-02'), finalSinceMs: nowMs, lateEvents: 0 },
    ]);
    expect(await store.checkpoints.all()).toMatchObject([
      { state: 'live', clockMs: at('2024-10-03T01:00:00') },
    ]);
    nowMs = at('2024-10-03T05:00:00');
    write('a.log', '2024-10-03T05:00:00', '2024-10-02T23:59:59');
    await until(async () => (await days())[0].success_requests === 2);
    expect(await days()).toMatchObject([{ lateEvents: 1, revisedMs: nowMs }]);
    expect(await store.checkpoints.all()).toMatchObject([{ lines: 2, accepted: 2, late: 1 }]);
  });

  it('holds a final day final when it starts again, whatever the system time is then', async () => {
    write('a.log', '2024-10-02T12:00:00', '2024-10-02T12:00:00');
    await follow('2024-10-03T02:00:00');
    await until(async () => (await finalDays()).length > 0);
    await halt();
    const [before] = await store.checkpoints.all();
    write('a.log', '2024-10-02T13:00:00', '2024-10-02T13:00:00');
    await follow('2024-10-02T13:00:00');
    expect(await days()).toMatchObject([{ success_requests: 2, lateEvents: 1 }]);
    expect(await finalDays()).toEqual(['2024-10-02']);
    expect((await store.checkpoints.all())[0].clockMs).toBe(before.clockMs);
  });

  it('makes nothing late of what was written while it did not run', async () => {
    write('a.log', '2024-10-02T12:00:00', '2024-10-02T12:00:00');
    await follow('2024-10-02T12:00:00');
    await halt();
    write(
      'a.log',
      '2024-10-02T18:00:00',
      '2024-10-02T18:00:00',
      '2024-10-02T09:00:00',
      '2024-10-02T19:00:00',
    );
    // Five days later: while lines wait to be read, no time passes for them.
    await follow('2024-10-07T12:00:00');
    expect(await days()).toMatchObject([
      { key: customerDay('c', '2024-10-02'), success_requests: 4, lateEvents: 0 },
    ]);
    // When all is read it is five days since the last line.
    await until(async () => (await finalDays()).length > 0);
    expect(await store.checkpoints.all()).toMatchObject([{ late: 0, dropped: 0 }]);
  });

  it('waits for all files, those without a whole line behind their offset included, and not for archives', async () => {
    write('a.log', '2024-10-03T12:00:00', '2024-10-01T12:00:00', '2024-10-03T12:00:00');
    write('b.log', '2024-10-02T12:00:00', '2024-10-02T12:00:00');
    writeFileSync(join(directory, 'c.log.gz'), gzipSync(line('2024-09-30T12:00:00')));
    utimesSync(join(directory, 'c.log.gz'), 1, 1);
    await follow('2024-10-02T12:00:00');
    await until(async () => (await finalDays()).length === 2);
    expect(await finalDays()).toEqual(['2024-09-30', '2024-10-01']);
    appendFileSync(join(directory, 'b.log'), line('2024-10-02T13:00:00').slice(0, 20));
    utimesSync(join(directory, 'b.log'), at('2024-10-02T13:00:00') / 1000, at('2024-10-02T13:00:00') / 1000);
    nowMs = at('2024-10-03T01:59:59');
    await pollsPass();
    expect(await finalDays()).toHaveLength(2);
    nowMs = at('2024-10-03T02:00:00');
    await until(async () => (await finalDays()).length === 3);
    expect(Object.groupBy(await store.checkpoints.all(), ({ state }) => state)).toMatchObject({
      live: [expect.anything(), expect.anything()],
      finished: [{ name: expect.stringContaining('c.log.gz') }],
    });
  });

  it('does not take system time that passed before the last line for time that passed behind it', async () => {
    write('a.log', '2024-10-02T01:00:00', '2024-10-02T01:00:00');
    await follow('2024-10-02T01:00:00');
    nowMs = at('2024-10-02T23:00:00');
    write('a.log', '2024-10-02T23:00:00', '2024-10-02T23:00:00');
    await until(async () => (await days())[0].success_requests === 2);
    await pollsPass();
    expect(await store.checkpoints.all()).toMatchObject([{ clockMs: at('2024-10-02T23:00:00') }]);
  });

  it('is ended by a run that does not follow: that finishes what is there, whoever read it', async () => {
    write('a.log', '2024-10-02T12:00:00', '2024-10-02T12:00:00', '2024-10-03T12:00:00');
    write('b.log', '2024-10-02T12:00:00', '2024-10-02T13:00:00');
    await follow('2024-10-02T12:00:00');
    await halt();
    expect((await store.checkpoints.all()).map(({ state }) => state)).toEqual(['live', 'live']);
    expect(await finalDays()).toEqual([]);
    const summary = await readOnce();
    expect(summary).toMatchObject({ lines: 0, partitions: 0, commits: 1, isComplete: true });
    expect((await store.checkpoints.all()).map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(await finalDays()).toEqual(['2024-10-02']);
    const again = await readOnce();
    expect(again).toMatchObject({ commits: 0 });
    // To follow it is to wait for it again.
    await follow('2024-10-03T12:00:00');
    expect((await store.checkpoints.all()).map(({ state }) => state)).toEqual(['live', 'live']);
    nowMs = at('2024-10-03T23:59:59');
    await pollsPass();
    expect(await finalDays()).toEqual(['2024-10-02']);
    nowMs = at('2024-10-04T00:00:00');
    await until(async () => (await finalDays()).length === 2);
  });
});
