import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { WorkerPool } from '../../../src/pipeline/worker-pool/worker-pool.ts';
import { MIN_STATE_BYTES } from '../../../src/statistics/window-accumulator.ts';
import { UTC } from '../../../src/window/zone.ts';
import { ALL_KINDS } from '../../support/kept-windows.ts';
import { scanSettings } from '../../support/scan-settings.ts';

const TASK = {
  scan: scanSettings('default'),
  dayZone: UTC,
  kept: ALL_KINDS,
  eventTime: {
    waitMs: Infinity,
    isDroppingLate: false,
    maxAgeMs: Infinity,
    maxAheadMs: Infinity,
    retentionDays: 0,
  },
  budget: { windowStateBytes: MIN_STATE_BYTES, windows: 1_000, rejections: 1_000 },
};

describe('a worker pool', () => {
  it('ends the threads that it has started where another one cannot be', async () => {
    const exits: Promise<unknown>[] = [];
    const startThread = (): Worker => {
      if (exits.length === 2) throw new Error('no more threads');
      const thread = new Worker('require("node:worker_threads").parentPort.on("message", () => {})', {
        eval: true,
      });
      exits.push(new Promise((resolve) => thread.once('exit', resolve)));
      return thread;
    };
    expect(() => new WorkerPool(3, startThread, 1_000, TASK, false)).toThrow('no more threads');
    expect(exits).toHaveLength(2);
    await Promise.all(exits);
  });
});
