import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricDefinition, type MetricName, type MetricOf } from './definitions.ts';

/** Takes the values of gauges just before they are shown. It must not throw. */
export type Collector = () => void | Promise<void>;

/** All metrics of one process at one moment, as they cross processes. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What `/metrics` answers. */
export interface MetricsText {
  /** The media type of {@link MetricsText.text}. */
  readonly contentType: string;
  /** All metrics as of now, in the text format of Prometheus. */
  text(): Promise<string>;
}

/** The metrics of this process. */
export class Metrics implements MetricsText {
  readonly #registry = new Registry();
  readonly #byName: Readonly<Record<MetricName, Counter | Gauge | Histogram>>;
  readonly #collectors: Collector[] = [];

  constructor(version: string) {
    const entries = Object.entries<MetricDefinition>(METRICS).map(([name, definition]) => [
      name,
      this.#metricOf(name, definition),
    ]);
    this.#byName = Object.fromEntries(entries) as Record<MetricName, Counter | Gauge | Histogram>;
    this.gauge('daymark_build_info').set({ version }, 1);
    this.gauge('daymark_processes').set(1);
  }

  counter(name: MetricOf<'counter'>): Counter {
    return this.#byName[name] as Counter;
  }

  gauge(name: MetricOf<'gauge'>): Gauge {
    return this.#byName[name] as Gauge;
  }

  histogram(name: MetricOf<'histogram'>): Histogram {
    return this.#byName[name] as Histogram;
  }

  /** Adds the metrics of the process, its memory and its event loop. Once a process: they watch the runtime. */
  addProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** @param collector runs before each scrape. */
  onScrape(collector: Collector): void {
    this.#collectors.push(collector);
  }

  /** Of all metrics, in the order in which they are shown. */
  get names(): readonly string[] {
    return this.#registry.getMetricsAsArray().map(({ name }) => name);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    await this.#collect();
    return this.#registry.metrics();
  }

  /** All metrics as of now, to be added to those of other processes. */
  async snapshot(): Promise<MetricsSnapshot> {
    await this.#collect();
    return this.#registry.getMetricsAsJSON();
  }

  async #collect(): Promise<void> {
    await Promise.all(this.#collectors.map((collect) => collect()));
  }

  #metricOf(
    name: string,
    { kind, help, labels, buckets, aggregator = 'sum' }: MetricDefinition,
  ): Counter | Gauge | Histogram {
    const options = { name, help, labelNames: [...labels], registers: [this.#registry], aggregator };
    if (kind === 'counter') return new Counter(options);
    if (kind === 'gauge') return new Gauge(options);
    return new Histogram({ ...options, buckets: [...(buckets ?? [])] });
  }
}
