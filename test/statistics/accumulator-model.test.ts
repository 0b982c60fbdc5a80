import { describe, expect, it } from 'vitest';
import { newKernel } from '../../src/kernel/kernel.ts';
import { MAX_DURATION_US, RECORD_BATCH_ROWS } from '../../src/limits.ts';
import { encodeStatistics } from '../../src/statistics/daily-statistics.ts';
import { TotalSum } from '../../src/statistics/total-sum.ts';
import type { Counts, DailyStatistics } from '../../src/statistics/types.ts';
import { VarintReader } from '../../src/statistics/varints.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../src/statistics/window-accumulator.ts';
import { windowSpans } from '../../src/window/window-spans.ts';
import { UTC } from '../../src/window/zone.ts';
import { histogramOf } from '../support/histogram.ts';
import type { Request } from '../support/oracle.ts';
import { SEED } from '../support/property.ts';
import { randomNumbers } from '../support/random-log.ts';
import { batchOf, NO_DURATION } from '../support/requests.ts';

const DAY_MS = 86_400_000;

/** The kernel writes an entry unless the state is longer, or not exact: see its second byte. */
const MAX_ENTRY_STATE_BYTES = 65_536;
const EXACT_LEVEL = 0;

/** The kind of lines in some batches. */
interface Kind {
  readonly rows: number;
  readonly customers: number;
  readonly statuses: number;
  readonly distinct: number;
  readonly unitUs: number;
  readonly shiftUs: number;
  readonly shareWithout: number;
}

/** The first is 0, then come 100 to 599. */
const statusAt = (place: number): number => (place === 0 ? 0 : place + 99);

/** A window, counted record by record. */
class CountedWindow {
  readonly #statuses = new Map<number, { requests: number; us: bigint }>();
  readonly #durationsUs: number[] = [];
  #firstMs = Infinity;
  #lastMs = -Infinity;

  add({ eventTimeMs, status, durationUs }: Request): void {
    const { requests, us } = this.#statuses.get(status) ?? { requests: 0, us: 0n };
    this.#statuses.set(status, { requests: requests + 1, us: us + BigInt(Math.max(0, durationUs)) });
    this.#firstMs = Math.min(this.#firstMs, eventTimeMs);
    this.#lastMs = Math.max(this.#lastMs, eventTimeMs);
    if (durationUs >= 0) this.#durationsUs.push(durationUs);
  }

  get statistics(): DailyStatistics {
    const statuses = [...this.#statuses].sort(([a], [b]) => a - b);
    return {
      statuses: statuses.map(([status, { requests, us }]) => ({ status, requests, durationUs: us })),
      histogram: histogramOf(this.#durationsUs),
      firstEventMs: this.#firstMs,
      lastEventMs: this.#lastMs,
    };
  }
}

/** An accumulator of the smallest size, and a model of what it must hold. */
class Model {
  readonly #kernel = newKernel(MIN_STATE_BYTES);
  readonly accumulator = new WindowAccumulator(windowSpans(UTC, false), this.#kernel);
  readonly #sum = new TotalSum();
  readonly #random: () => number;
  readonly #windows = new Map<string, CountedWindow>();

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  /** An integer from 0 below a bound. */
  below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  #pick(...values: readonly number[]): number {
    return values[this.below(values.length)];
  }

  kind(): Kind {
    return {
      rows: this.#pick(1, 100, RECORD_BATCH_ROWS, RECORD_BATCH_ROWS, RECORD_BATCH_ROWS),
      customers: this.#pick(1, 10, 700, 3_000),
      statuses: this.#pick(1, 5, 31, 40, 501),
      distinct: this.#pick(1, 16, 300, 2_047, 20_000),
      unitUs: this.#pick(1, 1_000, 1_000, 1_000, 4_321_000),
      shiftUs: this.#pick(0, 0, 0, 500, 4_294_000_000),
      shareWithout: this.#pick(0, 0, 0.1, 1),
    };
  }

  add(kind: Kind, rows = kind.rows): void {
    const customers: number[] = [];
    const requests = Array.from({ length: rows }, () => {
      const customer = this.below(kind.customers);
      customers.push(customer);
      const request = this.#request(kind);
      this.#count(customer, request);
      return request;
    });
    this.accumulator.add(batchOf(requests, customers));
  }

  #request({ statuses, distinct, unitUs, shiftUs, shareWithout }: Kind): Request {
    const durationUs = Math.min(MAX_DURATION_US, this.below(distinct) * unitUs + shiftUs);
    return {
      eventTimeMs: this.below(2) * DAY_MS + this.below(DAY_MS),
      customerId: '',
      status: statusAt(this.below(statuses)),
      durationUs: this.#random() < shareWithout ? NO_DURATION : durationUs,
    };
  }

  #count(customer: number, request: Request): void {
    const key = `${customer} ${Math.floor(request.eventTimeMs / DAY_MS)}`;
    const window = this.#windows.get(key) ?? new CountedWindow();
    this.#windows.set(key, window);
    window.add(request);
  }

  /** Counts all records into totals. */
  compact(): void {
    expect(this.#kernel.compact()).toBe(1);
  }

  /** How many windows are encoded out of their totals, without a way through the counters. */
  get readyStates(): number {
    const windows = [...Array(this.accumulator.windows).keys()];
    return windows.filter((window) => this.#kernel.takeStateOfTotal(window, 0, 0) > 0).length;
  }

  /** Compares every window with the model: as statistics, as a state, and as a total. */
  compare(): void {
    const { accumulator } = this;
    expect(accumulator.windows).toBe(this.#windows.size);
    for (let window = 0; window < accumulator.windows; window++) {
      const key = `${accumulator.subject(window)} ${accumulator.span(window)}`;
      const expected = this.#windows.get(key)?.statistics;
      expect(textsOf(accumulator.statistics([window])), key).toEqual(expected && textsOf(expected));
      expect(this.#entryState(window), key).toBe(expected && textsOf(expected)[0]);
      for (const total of accumulator.totals([window])) this.#sum.add(total);
      const summed = { ...this.#sum.take(), ...accumulator.eventTimes([window]) };
      expect(textsOf(summed), key).toEqual(expected && textsOf(expected));
    }
  }

  /** The state in a window's entry of a run, which has no key here. */
  #entryState(window: number): string {
    const { accumulator } = this;
    if (!accumulator.writeEntryOf(window, 0)) {
      const state = encodeStatistics(accumulator.statistics([window]));
      expect(state.length > MAX_ENTRY_STATE_BYTES || state[1] !== EXACT_LEVEL).toBe(true);
      return Buffer.from(state).toString('latin1');
    }
    const entry = accumulator.takeEntries();
    const head = new VarintReader(entry);
    const [keyBytes, late, stateBytes] = [head.varint(), head.varint(), head.varint()];
    expect([keyBytes, late]).toEqual([0, 0]);
    return Buffer.from(entry.subarray(entry.length - stateBytes)).toString('latin1');
  }

  clear(): void {
    this.accumulator.clear();
    this.#windows.clear();
  }
}

/** The stored state, once from the kernel's encoded histogram and once from its lists. */
function textsOf(statistics: DailyStatistics): string[] {
  const { level, milliseconds, others } = statistics.histogram;
  const listed = { level, milliseconds: withoutEncoded(milliseconds), others: withoutEncoded(others) };
  return [statistics, { ...statistics, histogram: listed }].map((one) =>
    Buffer.from(encodeStatistics(one)).toString('latin1'),
  );
}

function withoutEncoded({ values, counts }: Counts): Counts {
  return { values, counts };
}

/** Records of five words and many statuses, each with 16 bytes in a total: they soon run out of room. */
const LARGE: Kind = {
  ...{ rows: RECORD_BATCH_ROWS, customers: 700, statuses: 501, distinct: 20_000 },
  ...{ unitUs: 1_000, shiftUs: 4_294_000_000, shareWithout: 0 },
};

describe('the window accumulator holds, byte for byte,', () => {
  const model = new Model(SEED);

  /** Fills it with records of one kind, and a few of other kinds in between. */
  function fill(kind: Kind, mostBatches: number): void {
    model.clear();
    for (let batch = 0; batch < mostBatches && !model.accumulator.isFull; batch++) {
      model.add(kind);
      if (model.below(20) === 0) model.add(model.kind(), 100);
    }
  }

  it.each(process.env.TEST_FAST ? [1] : [1, 2, 3])('whatever is added (%i)', () => {
    fill(model.kind(), 60);
    model.compare();
  });

  it.each([
    ['counts below 256', { rows: RECORD_BATCH_ROWS, customers: 3, distinct: 2_047 }, 20],
    ['counts of two bytes', { rows: RECORD_BATCH_ROWS, customers: 1, distinct: 16 }, 5],
    ['steps of many milliseconds', { rows: 1_200, customers: 1, distinct: 2_047 }, 1],
    ['durations of 2,047 ms and more', { rows: RECORD_BATCH_ROWS, customers: 1, distinct: 2_050 }, 30],
    ['requests without a duration', { rows: 900, customers: 3, distinct: 40, shareWithout: 0.5 }, 3],
    ['microseconds', { rows: 900, customers: 3, distinct: 40, shiftUs: 500 }, 3],
  ])('what was compacted: %s', (_, kind: Partial<Kind>, batches) => {
    const usual: Kind = { ...LARGE, statuses: 5, unitUs: 1_000, shiftUs: 0 };
    fill({ ...usual, ...kind }, 0);
    for (let batch = 0; batch < batches; batch++) model.add({ ...usual, ...kind });
    model.compact();
    expect(model.readyStates > 0).toBe(!('shiftUs' in kind || kind.distinct === 2_050));
    model.compare();
    model.add({ ...usual, ...kind }, 100);
    model.compare();
  });

  it('what an entry of several windows has no room for', () => {
    const long = { rows: RECORD_BATCH_ROWS, customers: 2, statuses: 1, distinct: 60_000 };
    fill({ ...LARGE, ...long, unitUs: 1_000, shiftUs: 3_000_000 }, 0);
    for (let batch = 0; batch < 60; batch++)
      model.add({ ...LARGE, ...long, unitUs: 1_000, shiftUs: 3_000_000 });
    const windows = [...Array(model.accumulator.windows).keys()];
    expect(model.accumulator.writeEntry(windows, 0)).toBe(false);
    model.compare();
  });

  // They fill whole kernels, which takes long.
  it.skipIf(process.env.TEST_FAST).each([
    ['first', 700],
    ['second', 270],
  ])('what a %s compaction had no room for, and a few records more', (_, customers) => {
    fill({ ...LARGE, customers }, 300);
    expect(model.accumulator.isFull).toBe(true);
    model.compare();
    for (let more = 0; more < 3; more++) model.add(model.kind(), 10);
    model.compare();
  });
});
