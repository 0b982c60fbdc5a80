import { Worker, type WorkerOptions } from 'node:worker_threads';
import { embeddedThread, IS_EXECUTABLE } from '../program-files.ts';

/** The sources of threads, from here. Each has its own bundle (`scripts/build.ts`), which lies beside this one. */
const THREADS = {
  'ingest-thread': './ingest-thread.ts',
  'scan-thread': './scan-thread.ts',
  'merge-thread': './merge-thread.ts',
  'kafka-thread': './kafka-thread.ts',
  'push-thread': '../pushing/push-thread.ts',
} as const;

/** Starts a thread of the program. */
export function startThread(name: keyof typeof THREADS, workerData: unknown): Worker {
  const options: WorkerOptions = {
    workerData,
    // A batch makes much short-lived garbage. With V8's default of 48 MB for it, memory grew with the input. With its default of
    // 4 GB for the rest, V8 lets garbage grow to several times of what lives: to 58 MB of 13 MB in the thread that commits.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 },
  };
  if (IS_EXECUTABLE) return new Worker(embeddedThread(name), { ...options, eval: true });
  const file = import.meta.url.endsWith('.ts') ? THREADS[name] : `./${name}.js`;
  return new Worker(new URL(file, import.meta.url), options);
}
