import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SAMPLE_LOG_BOUNDS, type SampleLogOptions } from '../../src/sample-log/options.ts';
import { generateSampleLog } from '../../src/sample-log/sample-log.ts';

const UNTIL_MS = Date.UTC(2024, 9, 3);
const DEFAULTS: SampleLogOptions = { lines: 10_000, seed: 42, customers: 50, days: 30, untilMs: UNTIL_MS };
const LINE =
  /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (cust_[1-9]\d*) (\/api\/v1\/resource[1-4]) (200|201|400|401|403|404|500) ([012]\.\d{3})$/;

function logOf(options: Partial<SampleLogOptions> = {}): Buffer {
  // The next block overwrites this one, so each is copied.
  return Buffer.concat(Array.from(generateSampleLog({ ...DEFAULTS, ...options }), (block) => block.slice()));
}

function linesOf(options: Partial<SampleLogOptions> = {}): string[] {
  const text = logOf(options).toString('latin1');
  return text === '' ? [] : text.slice(0, -1).split('\n');
}

function fieldsOf(options: Partial<SampleLogOptions> = {}) {
  return linesOf(options).map((line) => {
    const [, date, time, customer, path, status, duration] = LINE.exec(line) ?? expect.fail(line);
    const eventTimeMs = Date.parse(`${date}T${time}Z`);
    return { eventTimeMs, customer, path, status, durationMs: Math.round(Number(duration) * 1000) };
  });
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('gives the same bytes for the same options, on every machine and in every version', () => {
  expect(sha256(logOf({ lines: 1000 }))).toBe(
    'fac0ede284cd4fde4256effa6f3e03bf25b86dc0b55d3fdf423883fcc65e1174',
  );
});

test('the committed sample log is what the generator makes', () => {
  const committed = readFileSync(new URL('../../logs/api_requests.log', import.meta.url));
  expect(sha256(committed)).toBe(sha256(logOf()));
});

test('gives other lines for another seed', () => {
  const hashes = [0, 1, 42, 43, 2 ** 32, Number.MAX_SAFE_INTEGER].map((seed) => sha256(logOf({ seed })));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('gives as many lines as asked for, each whole in its block', () => {
  for (const lines of [0, 1, 4_500, 20_000]) expect(linesOf({ lines })).toHaveLength(lines);
  for (const block of generateSampleLog({ ...DEFAULTS, lines: 20_000 })) expect(block.at(-1)).toBe(0x0a);
});

test('writes a longer log of the same seed as a continuation of a shorter one', () => {
  const short = logOf({ lines: 100 });
  expect(logOf({ lines: 20_000 }).subarray(0, short.length)).toEqual(short);
});

test('every line is in the default format, whatever the options', () => {
  const options = fc.record({
    seed: fc.maxSafeNat(),
    customers: fc.integer({ min: 1, max: 10_000 }),
    days: fc.integer({ min: 1, max: SAMPLE_LOG_BOUNDS.days.greatest }),
    untilMs: fc.integer({ min: SAMPLE_LOG_BOUNDS.untilMs.least, max: SAMPLE_LOG_BOUNDS.untilMs.greatest }),
  });
  fc.assert(
    fc.property(options, (some) => {
      for (const { eventTimeMs, customer } of fieldsOf({ ...some, lines: 200 })) {
        expect(eventTimeMs).toBeGreaterThanOrEqual(some.untilMs - some.days * 86_400_000);
        expect(eventTimeMs).toBeLessThan(some.untilMs);
        expect(Number(customer!.slice('cust_'.length))).toBeLessThanOrEqual(some.customers);
      }
    }),
    { numRuns: 30 },
  );
});

test('reaches the ends of every range and not beyond', () => {
  const rows = fieldsOf({ lines: 400_000, days: 1, untilMs: UNTIL_MS + 500 });
  const durations = rows.map((row) => row.durationMs).sort((a, b) => a - b);
  const times = rows.map((row) => row.eventTimeMs).sort((a, b) => a - b);
  expect([durations[0], durations.at(-1)]).toEqual([100, 2000]);
  expect([times[0], times.at(-1)]).toEqual([UNTIL_MS - 86_400_000 + 1000, UNTIL_MS]);
  expect(new Set(rows.map((row) => row.customer)).size).toBe(50);
  expect(new Set(rows.map((row) => `${row.path} ${row.status}`)).size).toBe(28);
});

test('each value of a field is about as likely as the others', () => {
  const rows = fieldsOf({ lines: 100_000 });
  const sharesOf = (values: (string | number | undefined)[]) =>
    [...Map.groupBy(values, (value) => value).values()].map((group) => group.length / values.length);
  const days = rows.map((row) => Math.floor(row.eventTimeMs / 86_400_000));
  for (const share of sharesOf(days)) expect(Math.abs(share * 30 - 1)).toBeLessThan(0.1);
  for (const share of sharesOf(rows.map((row) => row.status)))
    expect(Math.abs(share * 7 - 1)).toBeLessThan(0.1);
  for (const share of sharesOf(rows.map((row) => row.customer)))
    expect(Math.abs(share * 50 - 1)).toBeLessThan(0.15);
});

test('the lines are in random time order', () => {
  const times = fieldsOf().map((row) => row.eventTimeMs);
  const steps = times.slice(1).filter((time, index) => time > times[index]!).length;
  expect(Math.abs(steps / times.length - 0.5)).toBeLessThan(0.03);
});

test('takes options at their bounds and no value beyond them', () => {
  for (const [name, { least, greatest }] of Object.entries(SAMPLE_LOG_BOUNDS)) {
    const firstBlock = (value: number) =>
      generateSampleLog({ ...DEFAULTS, customers: 1, days: 1, [name]: value }).next();
    expect(() => firstBlock(least)).not.toThrow();
    expect(() => firstBlock(greatest)).not.toThrow();
    for (const value of [least - 1, greatest + 1, Number.NaN, least + 0.5]) {
      expect(() => firstBlock(value)).toThrow(`BUG: a sample log cannot have ${name}`);
    }
  }
});
