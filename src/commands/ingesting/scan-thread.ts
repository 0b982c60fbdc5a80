/**
 * A thread that scans logs for the pipeline's thread, where `WORKERS` allows it. What it is told: {@link ScanOrder}.
 * What it tells: `ScanNews`. An error ends it, and with it the run.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { bug } from '../../errors.ts';
import { type ScanOrder, ScanService, type ScanThreadData } from '../../pipeline/worker-pool/scan-worker.ts';
import { openByteReader } from '../../source/byte-reader.ts';

if (!parentPort) throw bug('scan-thread.ts was not started as a thread');
const service = new ScanService(parentPort, workerData as ScanThreadData, openByteReader, Date.now);

/** One order after the other, though a source may make one wait. */
let obeyed = Promise.resolve();
parentPort.on('message', (order: ScanOrder) => {
  obeyed = obeyed.then(() => service.obey(order));
});
