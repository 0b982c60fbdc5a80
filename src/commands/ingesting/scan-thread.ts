/**
 * A thread that scans logs for the pipeline's thread, where `WORKERS` allows it. It gets
 * {@link WorkerCommand}s and sends `WorkerMessage`s. An error ends it, and with it the run.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { bug } from '../../errors.ts';
import {
  ScanService,
  type ScanThreadData,
  type WorkerCommand,
} from '../../pipeline/worker-pool/scan-worker.ts';
import { openByteReader } from '../../source/byte-reader.ts';

if (!parentPort) throw bug('scan-thread.ts was not started as a thread');
const service = new ScanService(parentPort, workerData as ScanThreadData, openByteReader, Date.now);

/** One command after the other, though a source may make one wait. */
let handled = Promise.resolve();
parentPort.on('message', (command: WorkerCommand) => {
  handled = handled.then(() => service.handle(command));
});
