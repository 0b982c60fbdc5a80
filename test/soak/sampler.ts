import type { MeasureName, Sample } from './measures.ts';
import type { Program } from './programs.ts';

interface Reading {
  readonly atMs: number;
  readonly processorMs: number;
  readonly waitedMs: number;
}

/** Samples programs, each since the last time. */
export class Sampler {
  readonly #last = new Map<Program, Reading>();

  async sample(program: Program): Promise<Sample[]> {
    const metrics = await program.metrics();
    const get = (name: string) => metrics.get(name);
    const last = this.#last.get(program);
    const now = {
      atMs: performance.now(),
      processorMs: (get('process_cpu_seconds_total') ?? 0) * 1000,
      waitedMs: program.waitedMs,
    };
    this.#last.set(program, now);
    const share = (of: 'processorMs' | 'waitedMs') =>
      last && (100 * (now[of] - last[of])) / (now.atMs - last.atMs);
    const connections = get('daymark_http_connections');
    return samplesWith(program.name, {
      'resident memory': program.residentMb,
      'used heap': times(1e-6, get('nodejs_heap_size_used_bytes')),
      descriptors: program.descriptors - (connections ?? 0),
      connections,
      threads: program.threads,
      'processor time': share('processorMs'),
      'wait for a processor': share('waitedMs'),
      'event loop lag p99': times(1000, get('nodejs_eventloop_lag_p99_seconds')),
      'lag of reading': get('daymark_lag_seconds{source="files"}'),
      'bytes behind': times(1e-3, get('daymark_lag_bytes{source="files"}')),
      'live logs': get('daymark_store_partitions{state="live"}'),
    });
  }
}

/** @returns those of the values that are known. */
export function samplesWith(
  subject: string,
  values: Readonly<Partial<Record<MeasureName, number | undefined>>>,
): Sample[] {
  return Object.entries(values)
    .filter((entry): entry is [MeasureName, number] => entry[1] !== undefined)
    .map(([measure, value]) => ({ subject, measure, value }));
}

function times(factor: number, value: number | undefined): number | undefined {
  return value === undefined ? undefined : factor * value;
}
