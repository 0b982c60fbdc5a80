/** Inputs that cannot be read for a while: the rules of waiting, and the pipeline that waits. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { DaymarkError } from '../../../src/errors.ts';
import { MAX_RETRY_MS, MIN_RETRY_MS } from '../../../src/limits.ts';
import { InputOutages } from '../../../src/pipeline/loop/input-outages.ts';
import { firstPoll } from '../../../src/pipeline/loop/partition-discovery.ts';
import type { Summary } from '../../../src/pipeline/types.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  PartitionReader,
  Source,
  SourceProblem,
} from '../../../src/source/contract.ts';
import { FilesSource } from '../../../src/source/files/files-source.ts';
import { pathError } from '../../../src/source/path-error.ts';
import type { Store } from '../../../src/store/contract.ts';
import { customerDays } from '../../../src/window/key.ts';
import { pipelineOf } from '../../support/pipeline.ts';
import { scanSettings } from '../../support/scan-settings.ts';
import { STORE_KINDS, type StorePlace } from '../../support/stores.ts';
import { WrappedSource } from '../../support/wrapped-source.ts';

const AWAY = new DaymarkError('SOURCE_UNAVAILABLE', 'away');

/** Outages with a clock that only the test moves. */
function outagesOf(retryForMs = Number.POSITIVE_INFINITY) {
  const said: string[] = [];
  const clock = { nowMs: 0 };
  const events = {
    inputWaiting: ({ input, retryInMs }: { input: string; retryInMs: number }) =>
      said.push(`${input} in ${retryInMs}`),
    inputRecovered: ({ input, afterMs }: { input: string; afterMs: number }) =>
      said.push(`${input} after ${afterMs}`),
  };
  const outages = new InputOutages({ events, retryForMs, now: () => clock.nowMs, random: () => 0 });
  return { outages, said, clock };
}

test('an input is left alone for longer and longer, up to a bound, and others are not', () => {
  const { outages, clock } = outagesOf();
  const waits: number[] = [];
  for (let tries = 0; tries < 9; tries++) {
    expect(outages.failed('a', AWAY, 'read')).toBe(true);
    expect(outages.isAway('a')).toBe(true);
    expect(outages.isAway('b')).toBe(false);
    waits.push(outages.waitMs);
    clock.nowMs += outages.waitMs;
    expect(outages.isAway('a')).toBe(false);
  }
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, MAX_RETRY_MS, MAX_RETRY_MS, MAX_RETRY_MS]);
});

test('an outage is reported when it begins and when it ends, and again when there is another one', () => {
  const { outages, said, clock } = outagesOf();
  for (const atMs of [0, 100, 300]) {
    clock.nowMs = atMs;
    outages.failed('a', AWAY, 'read');
  }
  clock.nowMs = 1000;
  outages.endWhere(() => true);
  outages.endWhere(() => true);
  outages.failed('a', AWAY, 'read');
  expect(said).toEqual(['a in 100', 'a after 1000', 'a in 100']);
});

test('an input is tried once more when the time is over, and then given up', () => {
  const { outages, clock } = outagesOf(150);
  expect(outages.failed('a', AWAY, 'read')).toBe(true);
  clock.nowMs += outages.waitMs;
  expect(outages.failed('a', AWAY, 'read')).toBe(true);
  expect(outages.waitMs).toBe(50);
  clock.nowMs += outages.waitMs;
  expect(outages.failed('a', AWAY, 'read')).toBe(false);
  expect(outages.isWaiting).toBe(false);
  expect(outages.isAway('a')).toBe(true);
});

test('a try that is due is left to the next poll, and polls do not follow each other without a pause', () => {
  const { outages, clock } = outagesOf();
  outages.failed('gone', AWAY, 'read');
  clock.nowMs = 1000;
  expect(outages.isDue).toBe(true);
  expect(outages.waitMs).toBe(MIN_RETRY_MS);
  for (let tries = 0; tries < 3; tries++) outages.failed('away', AWAY, 'poll');
  expect(outages.waitMs).toBe(400);
});

test.each(['EMFILE', 'ENFILE', 'EIO', 'EAGAIN', 'ETIMEDOUT', 'ESTALE', 'EHOSTDOWN', 'ENOTCONN', 'ENOMEM'])(
  'the refusal %s passes by itself',
  (code) => {
    expect(pathError('/logs/a.log', Object.assign(new Error(code), { code }))).toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      isTransient: true,
    });
  },
);

test.each(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'EINVAL'])(
  'the refusal %s does not pass by itself',
  (code) => {
    expect(pathError('/logs/a.log', Object.assign(new Error(code), { code })).isTransient).toBe(false);
  },
);

type Step = 'open' | 'read' | 'checksums' | 'isIntact';

/** Files of which one fails as a disk does, in a step of reading it. */
class FailingSource extends WrappedSource {
  readonly #name: string;
  readonly #fails: (step: Step) => boolean;

  constructor(source: Source, name: string, fails: (step: Step) => boolean) {
    super(source);
    this.#name = name;
    this.#fails = fails;
  }

  protected override assigned(assigned: Assigned): Assigned {
    return { ...assigned, assignments: assigned.assignments.map((one) => this.#failing(one)) };
  }

  #failing(assignment: Assignment): Assignment {
    const { name } = assignment.partition;
    if (basename(name) !== this.#name) return assignment;
    const attempt = (step: Step): void => {
      if (this.#fails(step)) throw pathError(name, Object.assign(new Error('i/o error'), { code: 'EIO' }));
    };
    return {
      ...assignment,
      open: async () => {
        attempt('open');
        const reader = await assignment.open();
        return reader && this.#failingReader(reader, attempt);
      },
    };
  }

  #failingReader(reader: PartitionReader, attempt: (step: Step) => void): PartitionReader {
    let reads = 0;
    return {
      before: reader.before,
      hasBytePositions: reader.hasBytePositions,
      read: async (target) => {
        // What was read before the error stands.
        if (reads++ > 0) attempt('read');
        return await reader.read(target.subarray(0, 120));
      },
      positionAt: (bytes) => reader.positionAt(bytes),
      isIntact: (position, tailChecksum) => {
        attempt('isIntact');
        return reader.isIntact(position, tailChecksum);
      },
      checksumsUpTo: (position) => {
        attempt('checksums');
        return reader.checksumsUpTo(position);
      },
      close: () => reader.close(),
    };
  }
}

/** Reports these inputs as away in its polls, as named ones where they are to be. */
class ReportingSource extends WrappedSource {
  readonly #away: () => readonly string[];
  readonly #isNamed: boolean;
  #reported: readonly SourceProblem[] = [];

  constructor(source: Source, away: () => readonly string[], isNamed = false) {
    super(source);
    this.#away = away;
    this.#isNamed = isNamed;
  }

  override async discover(): Promise<Discovery> {
    const discovery = await super.discover();
    this.#reported = this.#away().map((input) => ({ error: AWAY, isNamed: this.#isNamed, input }));
    return { ...discovery, isUnchanged: false };
  }

  protected override assigned(assigned: Assigned): Assigned {
    return { ...assigned, problems: [...assigned.problems, ...this.#reported] };
  }
}

/** Polls that a run of a minute makes at the most, if it waits longer and longer between them. */
const MAX_POLLS = 100;

test('a run polls named inputs with pauses while one is back and another one is away, before it opens a store', async () => {
  const { outages, said, clock } = outagesOf(60_000);
  const away = () => [...(clock.nowMs === 0 ? ['/nfs'] : []), ...(clock.nowMs < 20_000 ? ['/disk'] : [])];
  const waits: number[] = [];
  const stop = new AbortController();
  const poll = await firstPoll({
    source: new ReportingSource(new FilesSource([]), away, true),
    ...{ scan: scanSettings('default'), inputs: outages, systemTimeMs: () => 0, signal: stop.signal },
    pause: async (ms) => {
      clock.nowMs += ms;
      if (waits.push(ms) > MAX_POLLS) stop.abort();
    },
  });
  expect(poll).toBeDefined();
  expect(Math.min(...waits)).toBeGreaterThan(0);
  expect(said).toEqual(['/nfs in 100', '/disk in 100', '/nfs after 100']);
});

describe('a run that ends', () => {
  let directory: string;
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'daymark-input-outages-'));
    for (const name of ['a', 'b', 'c']) writeFileSync(join(directory, `${name}.log`), linesOf(name));
    place = await (STORE_KINDS[0] as (typeof STORE_KINDS)[number]).createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(async () => {
    await place.dispose();
    rmSync(directory, { recursive: true });
  });

  /** Ten requests of a customer, in more bytes than a file is recognised by. */
  function linesOf(customer: string): string {
    const path = 'x'.repeat(200);
    return Array.from(
      { length: 10 },
      (_, i) => `2024-10-02 05:10:4${i} ${customer} /${path} 200 0.100\n`,
    ).join('');
  }

  const requests = async () =>
    await Promise.all(
      ['a', 'b', 'c'].map(async (customerId) => {
        const days = await store.windows({ ...customerDays(customerId), from: '2024-01-01', limit: 9 });
        return days.reduce((sum, { success_requests }) => sum + success_requests, 0);
      }),
    );

  /** @param fails is asked before each step of reading `b.log`. Time passes only while the run waits. */
  async function read(fails: (step: Step) => boolean, inputRetryMs?: number) {
    const said: string[] = [];
    /** The requests of each log when the run waited. */
    const counted: number[][] = [];
    let nowMs = 0;
    const source = new FailingSource(new FilesSource([directory]), 'b.log', fails);
    const summary: Summary = await pipelineOf({
      ...{ source, store, isFollowing: false, signal: new AbortController().signal },
      now: () => nowMs,
      systemTimeMs: () => 0,
      ...(inputRetryMs === undefined ? {} : { inputRetryMs }),
      pause: async (ms) => {
        counted.push(await requests());
        nowMs += ms;
      },
      events: {
        problem: ({ code }) => said.push(code),
        inputWaiting: ({ input }) => said.push(`away: ${basename(input)}`),
        inputRecovered: ({ input }) => said.push(`back: ${basename(input)}`),
      },
    }).run();
    source.close();
    return { summary, said, counted };
  }

  /** Fails in one step, so many times. */
  function failing(step: Step, times: number) {
    let left = times;
    return (present: Step) => present === step && left-- > 0;
  }

  it.each(['open', 'read', 'checksums', 'isIntact'] as const)(
    'reads the others while an input fails in its step "%s", and then all of it, once',
    async (step) => {
      const { summary, said, counted } = await read(failing(step, 3));
      expect(said).toEqual(['away: b.log', 'back: b.log']);
      expect(counted.at(-1)).toMatchObject([10, expect.any(Number), 10]);
      expect(await requests()).toEqual([10, 10, 10]);
      expect(summary).toMatchObject({ lines: 30, accepted: 30, isComplete: true });
      const ledger = await store.ledger();
      expect(ledger.map(({ accepted }) => accepted)).toEqual([10, 10, 10]);
    },
  );

  it('warns of an input that stays away when its time is over, and has read the others', async () => {
    const { summary, said } = await read((step) => step === 'open', 10_000);
    expect(said).toEqual(['away: b.log', 'SOURCE_UNAVAILABLE']);
    expect(await requests()).toEqual([10, 0, 10]);
    expect(summary).toMatchObject({ lines: 20, isComplete: true });
  });

  /** @param awayAt the inputs that a poll at this time reports as away. `b.log` cannot be opened. */
  async function readReported(
    awayAt: (nowMs: number) => readonly string[],
    { isFollowing = false, onPause = (_nowMs: number): void => undefined, isBAway = false } = {},
  ) {
    const said: string[] = [];
    const waits: number[] = [];
    let nowMs = 0;
    const stop = new AbortController();
    const files = new FailingSource(
      new FilesSource([directory]),
      'b.log',
      (step) => isBAway && step === 'open',
    );
    const source = new ReportingSource(files, () => awayAt(nowMs));
    const summary = await pipelineOf({
      ...{ source, store, isFollowing, signal: stop.signal },
      ...{ now: () => nowMs, systemTimeMs: () => 0, inputRetryMs: 60_000 },
      pause: async (ms) => {
        nowMs += ms;
        onPause(nowMs);
        // A run that follows is stopped by the test. A run that ends must end by itself.
        if (waits.push(ms) > MAX_POLLS * (isFollowing ? 10 : 1) || (isFollowing && nowMs > 100_000))
          stop.abort();
      },
      events: {
        problem: ({ code }) => said.push(code),
        inputWaiting: ({ input }) => said.push(`away: ${basename(input)}`),
        inputRecovered: ({ input }) => said.push(`back: ${basename(input)}`),
      },
    }).run();
    source.close();
    return { said, waits, summary, isStopped: stop.signal.aborted };
  }

  it('ends when the time of one input is over, though another one was away and is back', async () => {
    const run = await readReported((nowMs) => (nowMs === 0 ? ['/nfs', '/disk'] : ['/disk']));
    expect(run.said).toEqual(['away: nfs', 'away: disk', 'back: nfs', 'SOURCE_UNAVAILABLE']);
    expect(run).toMatchObject({ isStopped: false, summary: { lines: 30, isComplete: true } });
    expect(Math.min(...run.waits)).toBeGreaterThan(0);
  });

  it('ends when the time of one input is over, though a file that could not be read is gone', async () => {
    const onPause = () => rmSync(join(directory, 'b.log'), { force: true });
    const run = await readReported(() => ['/disk'], { onPause, isBAway: true });
    expect(run.said.slice(0, 2)).toEqual(['away: disk', 'away: b.log']);
    expect(run.said).toContain('SOURCE_UNAVAILABLE');
    expect(run).toMatchObject({ isStopped: false, summary: { lines: 20, isComplete: true } });
    expect(Math.min(...run.waits)).toBeGreaterThan(0);
  });

  it('that follows stops when the time of one input is over', async () => {
    await expect(readReported(() => ['/disk'], { isFollowing: true })).rejects.toThrow(AWAY);
    expect(await requests()).toEqual([10, 10, 10]);
  });

  it('does not count the time in which an input was well, though others were away', async () => {
    const during = (input: string, fromMs: number, toMs: number, nowMs: number) =>
      nowMs >= fromMs && nowMs < toMs ? [input] : [];
    const run = await readReported(
      (nowMs) => [
        ...during('/nfs', 0, 1, nowMs),
        ...during('/disk', 0, 50_000, nowMs),
        ...during('/tape', 40_000, 90_000, nowMs),
        ...during('/nfs', 70_000, 72_000, nowMs),
      ],
      { isFollowing: true },
    );
    expect(run.said.filter((text) => text.endsWith('nfs'))).toEqual([
      ...['away: nfs', 'back: nfs', 'away: nfs', 'back: nfs'],
    ]);
    expect(run.said).not.toContain('SOURCE_UNAVAILABLE');
  });

  it('does not wait where it is told not to', async () => {
    const { said, counted } = await read((step) => step === 'open', 0);
    expect(said).toEqual(['SOURCE_UNAVAILABLE']);
    expect(counted).toEqual([]);
    expect(await requests()).toEqual([10, 0, 10]);
  });
});
