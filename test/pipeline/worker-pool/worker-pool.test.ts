import { EventEmitter } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import {
  ScanService,
  type ScanThreadData,
  type WorkerCommand,
} from '../../../src/pipeline/worker-pool/scan-worker.ts';
import { WorkerPool } from '../../../src/pipeline/worker-pool/worker-pool.ts';
import { type PositionedBytes, storedPosition } from '../../../src/source/contract.ts';
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

  it('hands over all windows in one form where a thread is full while the others are told to flush', async () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, i) => `2024-10-02 05:10:46 c${i} /api/v1/resource1 200 0.316\n`,
    );
    const halves = [lines.slice(0, 3_000), lines.slice(3_000)].map((half) => Buffer.from(half.join('')));
    const gate = new Gate(halves);
    const startThread = (data: ScanThreadData) => new LocalThread(data, gate) as unknown as Worker;
    const task = { ...TASK, budget: { ...TASK.budget, windows: 9_000 } };
    const pool = new WorkerPool(1, startThread, 1_000_000, task, true);
    const bytes = halves.reduce((sum, { length }) => sum + length, 0);
    pool.goOn();
    pool.offer([{ location: {} as never, bytes, takesLastLine: true, head: undefined }]);
    await gate.reached;
    const flushed = pool.flush(() => (pool.claimCounter.isFull ? 'run' : 'aggregates'));
    gate.open();
    const { runs, deltas } = await flushed;
    expect(runs).toHaveLength(2);
    expect([...deltas()]).toEqual([]);
    expect(pool.takeReports().map(({ part }) => part?.accepted)).toEqual([10_000]);
    pool.end();
  });
});

/** Content of which the last part is waited for. */
class Gate {
  readonly #pieces: Buffer[];
  readonly #reached = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<void>();

  constructor(pieces: readonly Buffer[]) {
    this.#pieces = [...pieces];
  }

  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  open(): void {
    this.#opened.resolve();
  }

  reader(): PositionedBytes {
    return {
      before: new Uint8Array(),
      hasBytePositions: true,
      positionAt: storedPosition,
      close: async () => undefined,
      read: async (target) => {
        if (this.#pieces.length === 1) {
          this.#reached.resolve();
          await this.#opened.promise;
        }
        const [piece = Buffer.alloc(0)] = this.#pieces;
        const bytes = piece.copy(target);
        if (bytes < piece.length) this.#pieces[0] = piece.subarray(bytes);
        else this.#pieces.shift();
        return bytes;
      },
    };
  }
}

/** A scan thread that has no thread of its own. */
class LocalThread extends EventEmitter {
  readonly #channel = new MessageChannel();

  constructor(data: ScanThreadData, gate: Gate) {
    super();
    const { port1, port2 } = this.#channel;
    const service = new ScanService(port2, data, async () => gate.reader(), Date.now);
    let handled = Promise.resolve();
    port2.on('message', (command: WorkerCommand) => {
      handled = handled.then(() => service.handle(command));
    });
    port1.on('message', (message) => this.emit('message', message));
  }

  postMessage(command: WorkerCommand): void {
    this.#channel.port1.postMessage(command);
  }

  terminate(): void {
    this.#channel.port1.close();
  }
}
