import { expect, test } from 'vitest';
import { DaymarkError } from '../../../src/errors.ts';
import { MAX_RETRY_MS, MIN_RETRY_MS, OUTAGE_REPORT_INTERVAL_MS } from '../../../src/limits.ts';
import { Outages, StoppedInOutage } from '../../../src/pipeline/loop/outages.ts';

/** Outages with a clock that only waiting moves. */
function outagesOf({ retryForMs = Number.POSITIVE_INFINITY, random = 0 } = {}) {
  const stop = new AbortController();
  const told: string[] = [];
  const waits: number[] = [];
  let nowMs = 0;
  const outages = new Outages({
    events: {
      waiting: ({ error, sinceMs, retryInMs }) => told.push(`${error.code} ${sinceMs} ${retryInMs}`),
      recovered: (afterMs) => told.push(`back ${afterMs}`),
    },
    retryForMs,
    signal: stop.signal,
    now: () => nowMs,
    random: () => random,
    delay: async (delayMs, signal) => {
      signal.throwIfAborted();
      waits.push(delayMs);
      nowMs += delayMs;
    },
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { outages, told, waits, stop, pass };
}

/** Fails so many times, and then gives `done`. */
function failing(
  times: number,
  code: 'STORE_UNREACHABLE' | 'STORE_BUSY' | 'STORE_REFUSED' = 'STORE_UNREACHABLE',
) {
  let tries = 0;
  return async () => {
    if (tries++ < times) throw new DaymarkError(code, 'away');
    return 'done';
  };
}

test('what passes by itself is tried again, with waits that double up to a bound', async () => {
  const { outages, waits, told } = outagesOf();
  expect(await outages.retry(failing(9))).toBe('done');
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  expect(told).toEqual([`STORE_UNREACHABLE 0 ${MIN_RETRY_MS}`, 'back 21300']);
});

test('chance shortens a wait, to its half at the most', async () => {
  const { outages, waits } = outagesOf({ random: 1 });
  await outages.retry(failing(8));
  expect(waits.slice(0, 2)).toEqual([50, 100]);
  expect(waits.at(-1)).toBe(MAX_RETRY_MS / 2);
});

test('an outage that lasts is told again now and then, and at once where it becomes another', async () => {
  const { outages, told } = outagesOf();
  await outages.retry(failing(40));
  expect(told).toHaveLength(4);
  const [, again] = told.map((line) => Number(line.split(' ')[1]));
  expect(again).toBeGreaterThanOrEqual(OUTAGE_REPORT_INTERVAL_MS);
  const other = outagesOf();
  const works = [failing(1), failing(2, 'STORE_BUSY')];
  await other.outages.retry(async () => {
    for (const work of works) await work();
  });
  expect(other.told.map((line) => line.split(' ')[0])).toEqual(['STORE_UNREACHABLE', 'STORE_BUSY', 'back']);
});

test('what does not pass by itself is thrown at once', async () => {
  const { outages, waits } = outagesOf();
  await expect(outages.retry(failing(1, 'STORE_REFUSED'))).rejects.toMatchObject({ code: 'STORE_REFUSED' });
  await expect(outages.retry(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  expect(waits).toEqual([]);
});

test('after so long the last error is thrown; with 0 the first', async () => {
  const { outages, waits } = outagesOf({ retryForMs: 1000 });
  await expect(outages.retry(failing(99))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  expect(waits).toEqual([100, 200, 400, 300]);
  const impatient = outagesOf({ retryForMs: 0 });
  await expect(impatient.outages.retry(failing(99))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  expect(impatient.told).toEqual([]);
});

test('each outage has its own time and its own waits', async () => {
  const { outages, waits } = outagesOf({ retryForMs: 1000 });
  for (let i = 0; i < 5; i++) await outages.retry(failing(2));
  expect(waits).toEqual([100, 200, 100, 200, 100, 200, 100, 200, 100, 200]);
});

test('work that asked the store nothing ends no outage, and leaves the waits as long as they are', async () => {
  const { outages, waits, told } = outagesOf();
  let asks = 0;
  // Every second try finds nothing to ask.
  const work = async () => {
    if (asks++ % 2 === 0) await failing(1)();
    return asks;
  };
  for (let i = 0; i < 4; i++) await outages.retry(work, (tries) => tries % 2 === 1);
  expect(waits).toEqual([100, 200, 400, 800]);
  expect(told).toEqual(['STORE_UNREACHABLE 0 100']);
  await outages.retry(async () => 'an answer');
  expect(told.at(-1)).toBe('back 1500');
});

test('a try that took long is followed by the next one the sooner', async () => {
  const { outages, waits, pass } = outagesOf();
  const slow = failing(9);
  await outages.retry(() => {
    pass(3000);
    return slow();
  });
  expect(waits).toEqual([50, 50, 50, 50, 50, 200, 2000, 2000, 2000]);
});

test('a stop ends the waiting, and names what it waited for', async () => {
  const { outages, stop } = outagesOf();
  stop.abort();
  const error = await outages.retry(failing(1)).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(StoppedInOutage);
  expect(error.cause).toMatchObject({ code: 'STORE_UNREACHABLE' });
});
