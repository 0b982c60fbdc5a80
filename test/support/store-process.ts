/**
 * A process that works on a store beside others: `store-processes.ts` starts it, tells it what to do and when.
 * It says `ready` when the store is open, waits for `go`, does its job, and answers with the result.
 */

import { DaymarkError } from '../../src/errors.ts';
import type { SpanRange } from '../../src/window/kind.ts';
import { adding, advanceOf, type CustomerDay, deltasOf, requestOf } from './batches.ts';
import { openStore } from './store-location.ts';
import type { Job, JobResult } from './store-processes.ts';

const job = JSON.parse(process.argv[2]) as Job;
const store = await openStore(job.location);
process.send?.('ready');
process.once('message', async () => {
  try {
    process.send?.({ value: await run() });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
  await store.close();
  process.disconnect();
});

function run(): Promise<JobResult> {
  if (job.kind === 'migrate') return store.migrate();
  if (job.kind === 'addPartitions') return addPartitions(job.times);
  if (job.kind === 'deleteDays') return deleteDays(job.before, job.times);
  if (job.kind === 'rollUp') return rollUp(job.range, job.times);
  return job.kind === 'claim' ? claim(job.timeZone, job.key) : commit(job.batches, job.readingSettings);
}

/** Commits a batch of days of a time zone. @returns `stored`, or the code of what was wrong with it. */
async function claim(timeZone: string, { customerId, date }: CustomerDay): Promise<string[]> {
  try {
    await store.commit({ timeZone, advances: [], deltas: deltasOf([requestOf(customerId, date)]) });
    return ['stored'];
  } catch (error) {
    if (error instanceof DaymarkError) return [error.code];
    throw error;
  }
}

/** Adds one partition after the other, each named after the number of those that are there. */
async function addPartitions(times: number): Promise<string[]> {
  const added: string[] = [];
  for (let i = 0; i < times; i++) {
    await store.addPartitions(async (known) => {
      const id = `partition-${(await known.all()).length}`;
      added.push(id);
      return adding(id);
    });
  }
  return added;
}

/** @returns how many rows it deleted, each time. */
async function deleteDays(before: string, times: number): Promise<string[]> {
  const deleted: string[] = [];
  const { signal } = new AbortController();
  for (let i = 0; i < times; i++) deleted.push(String(await store.deleteDaysBefore(before, signal)));
  return deleted;
}

/** Builds roll-ups again and again. */
async function rollUp(range: SpanRange, times: number): Promise<string[]> {
  const { signal } = new AbortController();
  for (let i = 0; i < times; i++) await store.rollUp(range, 100, signal);
  return [];
}

/** Commits batches that each touch the named windows once. */
async function commit(
  batches: readonly (readonly CustomerDay[])[],
  readingSettings: string | undefined,
): Promise<string[]> {
  const id = `partition of ${process.pid}`;
  await store.addPartitions(() => adding(id));
  for (const [i, keys] of batches.entries()) {
    const deltas = deltasOf(keys.map(({ customerId, date }) => requestOf(customerId, date)));
    const advances = [advanceOf(id, i, i + 1)];
    await store.commit({ timeZone: 'UTC', advances, readingSettings, deltas });
  }
  return [];
}
