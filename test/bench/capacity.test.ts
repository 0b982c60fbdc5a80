import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Costs,
  type Followed,
  type Load,
  type Point,
  plan,
  predicted,
  predictedFollowing,
  simulate,
  touchedWindows,
} from '../../bench/support/capacity.ts';
import { randomNumbers } from '../support/random-log.ts';

const read = <T>(name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../bench/support', name), 'utf8')) as T;
const costs = read<Costs>('capacity-costs.json');
const { points, followed } = read<{ readonly points: Point[]; readonly followed: Followed[] }>(
  'capacity-points.json',
);

/** Processor time was measured beside other programs, so it is between these parts of what the model says. */
const WITHIN = 1.7;
/** Below it, what was measured are ticks of the clock. */
const LEAST_S = 0.3;

function expectNear(measured: number, said: number): void {
  if (Math.max(measured, said) < LEAST_S) return;
  expect(said).toBeGreaterThan(measured / WITHIN);
  expect(said).toBeLessThan(measured * WITHIN);
}

describe('the model of capacity', () => {
  it('says how many rows a log makes, to a hundredth', () => {
    expect(points.length).toBeGreaterThan(5);
    for (const point of points) {
      const { rowsAfter } = predicted(point, costs);
      expect(Math.abs(rowsAfter / point.rowsAfter - 1)).toBeLessThan(0.01);
    }
  });

  it.each(points)(
    'says what was measured for $lines lines of $customers customers, $rowsBefore rows before',
    (point) => {
      const said = predicted(point, costs);
      expectNear(point.readerCpuS, said.readerCpuS);
      expectNear(point.databaseCpuS, said.databaseCpuS);
    },
  );

  // Where hardly a commit was in the time that was measured, its edges decide.
  it.each(followed.filter(({ commits }) => commits >= 5))(
    'says what was measured while $linesPerS lines a second of $customers customers came',
    (load) => {
      const said = predictedFollowing(load, costs);
      expectNear(load.readerCpuS, said.readerCpuS);
      expectNear(load.databaseCpuS, said.databaseCpuS);
    },
  );

  it('counts touched windows as chance does', () => {
    const random = randomNumbers(1);
    for (const [lines, windows] of [
      [1_000, 50],
      [1_000, 1_000],
      [1_000, 20_000],
    ] as const) {
      const touched = new Set(Array.from({ length: lines }, () => Math.floor(random() * windows)));
      expect(touchedWindows(lines, windows) / touched.size).toBeCloseTo(1, 1);
    }
  });
});

describe('the simulation', () => {
  const load: Load = { linesPerS: 10_000, customers: 200, endpoints: 10 };
  const site = { readers: 1, partitions: 12, databaseCores: 4 };

  it('commits with each poll what came, where there is time', () => {
    expect(simulate({ ...load, linesPerS: 100 }, site, costs)).toMatchObject({
      keepsUp: true,
      commitsPerS: 5,
    });
  });

  it('makes commits larger and fewer before it falls behind', () => {
    const busy = simulate({ ...load, linesPerS: 1_000_000 }, site, costs);
    expect(busy).toMatchObject({ keepsUp: true });
    expect(busy.commitsPerS).toBeLessThan(5);
    expect(simulate({ ...load, linesPerS: 100_000_000 }, site, costs).keepsUp).toBe(false);
  });

  it('has no use of more readers than partitions', () => {
    const most = simulate(load, { ...site, partitions: 3, readers: 3 }, costs);
    expect(simulate(load, { ...site, partitions: 3, readers: 9 }, costs)).toEqual(most);
  });

  it('needs fewer rows where each reader has its own customers', () => {
    const four = { readers: 4, partitions: 4, databaseCores: 4 };
    const mixed = simulate(load, four, costs);
    const keyed = simulate({ ...load, keyedByCustomer: true }, four, costs);
    expect(keyed.rowsPerS).toBeLessThan(mixed.rowsPerS);
  });

  it('plans as many databases as rows need, and never fewer readers for more lines', () => {
    const bounds = { databaseCores: 16, mostLagS: 10 };
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 4 }), (zeros, customerZeros) => {
        const at = (linesPerS: number) =>
          plan(
            { linesPerS, customers: 10 ** customerZeros, endpoints: 5, keyedByCustomer: true },
            bounds,
            costs,
          );
        const [less, more] = [at(10 ** zeros), at(10 ** (zeros + 1))];
        expect(less).toBeDefined();
        expect(less!.readers).toBeLessThanOrEqual(more?.readers ?? Number.POSITIVE_INFINITY);
        expect(less!.databases * 16).toBeGreaterThanOrEqual(less!.outcome.databaseCores);
      }),
      { numRuns: 20 },
    );
  });
});
