import { AggregatorRegistry, Registry } from 'prom-client';
import type { MetricsSnapshot, MetricsText } from './metrics.ts';

/** Where the sum, mean or omission of the library would hide what is wrong with one process. */
const AGGREGATORS: readonly (readonly [RegExp, 'min' | 'max'])[] = [
  [/^nodejs_eventloop_lag_min_/, 'min'],
  [/^nodejs_eventloop_lag_/, 'max'],
  [/^process_start_time_/, 'min'],
];

/** Asks a process for its metrics. Undefined: it does not answer in time. */
export type AskForMetrics = (process: number) => Promise<MetricsSnapshot | undefined>;

/**
 * The metrics of several processes as those of one, by the aggregator of each metric. Counters never go back: what a process had
 * counted when it was last asked stays when it ends.
 */
export class SummedMetrics implements MetricsText {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #ask: AskForMetrics;
  readonly #own: () => Promise<MetricsSnapshot>;
  /** Of each process that runs, when it was last asked. */
  readonly #last = new Map<number, MetricsSnapshot>();
  /** What those that ended have counted. */
  #ended: MetricsSnapshot = [];
  #underWay: Promise<string> | undefined;

  /** @param own what the process that asks adds. */
  constructor(ask: AskForMetrics, own: () => Promise<MetricsSnapshot>) {
    this.#ask = ask;
    this.#own = own;
  }

  /** A process serves from now on. */
  add(process: number): void {
    this.#last.set(process, []);
  }

  /** A process has ended. */
  remove(process: number): void {
    const counted = (this.#last.get(process) ?? []).filter(isCounted);
    this.#ended = [...this.#ended, ...counted];
    this.#last.delete(process);
  }

  /** Those who ask at the same time get the same. */
  text(): Promise<string> {
    this.#underWay ??= this.#read().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #read(): Promise<string> {
    const processes = [...this.#last.keys()];
    const answers = await Promise.all(
      processes.map(async (process) => [process, await this.#ask(process)] as const),
    );
    for (const [process, snapshot] of answers)
      if (snapshot && this.#last.has(process)) this.#last.set(process, snapshot);
    const own = await this.#own();
    await this.#compact();
    const all = [...this.#last.values(), own, this.#ended];
    return AggregatorRegistry.aggregate(all.map(withAggregators)).metrics();
  }

  /** Adds up what many processes left, so that it does not grow. */
  async #compact(): Promise<void> {
    const ended = this.#ended;
    const sum = await AggregatorRegistry.aggregate([ended]).getMetricsAsJSON();
    if (this.#ended === ended) this.#ended = sum;
  }
}

function withAggregators(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.map((metric) => {
    const own = AGGREGATORS.find(([pattern]) => pattern.test(metric.name));
    return own ? { ...metric, aggregator: own[1] } : metric;
  });
}

function isCounted({ type }: MetricsSnapshot[number]): boolean {
  // The types of the library say that it is a number.
  return ['counter', 'histogram'].includes(String(type));
}
