/**
 * A worker of the pool: scans splits for the pipeline's thread. It receives {@link ScanOrder} and sends `ScanNews`. An
 * error ends the worker and the run.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { bug } from '../../errors.ts';
import { type ScanOrder, ScanService, type ScanThreadData } from '../../pipeline/worker-pool/scan-worker.ts';
import { openByteReader } from '../../source/byte-reader.ts';

if (!parentPort) throw bug('scan-thread.ts was not started as a thread');
const service = new ScanService(parentPort, workerData as ScanThreadData, openByteReader, Date.now);

/** Orders run one after another, also if a source makes one wait. */
let obeyed = Promise.resolve();
parentPort.on('message', (order: ScanOrder) => {
  obeyed = obeyed.then(() => service.obey(order));
});
