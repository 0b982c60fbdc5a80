import { Worker, type WorkerOptions } from 'node:worker_threads';
import { embeddedThread, IS_EXECUTABLE } from '../program-files.ts';

/** Starts a thread of the program: a file of this folder, which has its own bundle (`scripts/build.ts`). */
export function startThread(name: 'ingest-thread' | 'scan-thread', workerData: unknown): Worker {
  const options: WorkerOptions = {
    workerData,
    // A batch makes much short-lived garbage. With V8's default of 48 MB for it, memory grew with the input. With its default of
    // 4 GB for the rest, V8 lets garbage grow to several times of what lives: to 58 MB of 13 MB in the thread that commits.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 },
  };
  if (IS_EXECUTABLE) return new Worker(embeddedThread(name), { ...options, eval: true });
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./${name}.${extension}`, import.meta.url), options);
}
