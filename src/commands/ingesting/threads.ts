import { Worker } from 'node:worker_threads';

/** Starts a thread of the program: a file of this folder, which has its own bundle (`scripts/build.ts`). */
export function startThread(name: 'ingest-thread' | 'scan-thread', workerData: unknown): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./${name}.${extension}`, import.meta.url), {
    workerData,
    // A batch makes much short-lived garbage. With V8's default of 48 MB for it, memory grew with the input. With its default of
    // 4 GB for the rest, V8 lets garbage grow to several times of what lives: to 58 MB of 13 MB in the thread that commits.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 },
  });
}
