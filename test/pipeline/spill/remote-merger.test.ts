/** The thread that merges what was spilled, as whoever takes the rows sees it. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startThread } from '../../../src/commands/ingesting/threads.ts';
import { MergeThreadLost, RemoteMerger } from '../../../src/pipeline/spill/remote-merger.ts';
import { encodeStatistics } from '../../../src/statistics/daily-statistics.ts';
import { StoredRowEncoder } from '../../../src/statistics/encoded-windows.ts';
import type { RowBlock } from '../../../src/statistics/row-block.ts';
import type { FileRun, RunFile } from '../../../src/store/contract.ts';
import { openRunFile } from '../../../src/store/run-file.ts';
import { CUSTOMER_DAYS } from '../../../src/window/kind.ts';
import { deltasOf } from '../../support/batches.ts';

const CUSTOMERS = 30_000;
const BOUNDS = { mostBytes: 1e9, stoppingBytes: 0, windowsAtOnce: 1, isBesideStore: false };

let directory: string;
let file: RunFile;
const mergers: RemoteMerger[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-merger-'));
  file = openRunFile(directory, BOUNDS);
});

afterEach(() => {
  for (const merger of mergers.splice(0)) merger.end();
  file.close();
  rmSync(directory, { recursive: true });
});

function mergerOf(start: () => Worker): RemoteMerger {
  const merger = new RemoteMerger(start);
  mergers.push(merger);
  return merger;
}

/** A run with a day of each customer, of some megabytes. */
function writtenRun(): FileRun {
  const [{ statistics }] = deltasOf([
    { customerId: 'c', date: '2024-10-02', status: 200, durationUs: 1, eventMs: Date.UTC(2024, 9, 2) },
  ]).filter(({ key }) => key.kind === CUSTOMER_DAYS);
  const stateHex = Buffer.from(encodeStatistics(statistics)).toString('hex');
  const encoder = new StoredRowEncoder();
  let bytes = 0;
  for (let i = 0; i < CUSTOMERS; i++) {
    encoder.add(CUSTOMER_DAYS, [`c${String(i).padStart(6, '0')}`, '2024-10-02'], stateHex);
    if (!encoder.isFull && i < CUSTOMERS - 1) continue;
    const piece = encoder.take();
    file.append(piece);
    bytes += piece.length;
  }
  return file.run(0, bytes);
}

async function rowsOf(blocks: AsyncIterable<RowBlock>): Promise<number> {
  let rows = 0;
  for await (const block of blocks) rows += block.rows;
  return rows;
}

/** A thread that ends when it has sent some blocks, none of which is the last one. */
const endingBehind = (blocks: number) =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
    let left = ${blocks};
    parentPort.on('message', ({ kind }) => {
      if (kind !== 'next') return;
      parentPort.postMessage({ kind: 'block', rows: new ArrayBuffer(0) });
      if (--left === 0) setImmediate(() => process.exit());
    });`,
    { eval: true },
  );

it('gives all rows, also behind a merge that nobody took to its end, and one whose run cannot be read', async () => {
  const run = writtenRun();
  const merger = mergerOf(() => startThread('merge-thread', undefined));
  for await (const block of merger.blocks([run])) {
    expect(block.rows).toBeLessThan(CUSTOMERS);
    break;
  }
  expect(await rowsOf(merger.blocks([run]))).toBe(CUSTOMERS);
  await expect(rowsOf(merger.blocks([{ ...run, bytes: run.bytes + 1 }]))).rejects.toThrow('a run ends');
  // The same rows twice are one row each.
  expect(await rowsOf(merger.blocks([run], run))).toBe(CUSTOMERS);
  expect(await rowsOf(merger.blocks([]))).toBe(0);
});

it('takes no block of an earlier merge when its thread has ended', async () => {
  const thread = endingBehind(3);
  const ended = once(thread, 'exit');
  const merger = mergerOf(() => thread);
  for await (const _ of merger.blocks([])) {
    await ended;
    break;
  }
  await expect(rowsOf(merger.blocks([]))).rejects.toThrow(MergeThreadLost);
});

it('gives up who waits for a block when it ends', async () => {
  const silent = new Worker(`require('node:worker_threads').parentPort.on('message', () => undefined)`, {
    eval: true,
  });
  const merger = mergerOf(() => silent);
  const waiting = rowsOf(merger.blocks([]));
  merger.end();
  await expect(waiting).rejects.toThrow(MergeThreadLost);
});

it('hears the error of its thread behind its end', async () => {
  const failing = new Worker(`throw new Error('no memory')`, { eval: true });
  const ended = new Promise((resolve) => {
    failing.on('exit', resolve);
  });
  const merger = mergerOf(() => failing);
  // The thread fails meanwhile, and this one has not heard of it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  merger.end();
  await ended;
  await expect(rowsOf(merger.blocks([]))).rejects.toThrow(MergeThreadLost);
});
