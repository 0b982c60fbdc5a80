import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricDefinition, type MetricName, type MetricOf } from './definitions.ts';

/** Takes the values of gauges just before they are shown. It must not throw. */
export type Collector = () => void | Promise<void>;

/** The metrics of this process. */
export class Metrics {
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

  /** The media type of {@link Metrics.text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics as of now, in the text format of Prometheus. */
  async text(): Promise<string> {
    await Promise.all(this.#collectors.map((collect) => collect()));
    return this.#registry.metrics();
  }

  #metricOf(name: string, { kind, help, labels, buckets }: MetricDefinition): Counter | Gauge | Histogram {
    const options = { name, help, labelNames: [...labels], registers: [this.#registry] };
    if (kind === 'counter') return new Counter(options);
    if (kind === 'gauge') return new Gauge(options);
    return new Histogram({ ...options, buckets: [...(buckets ?? [])] });
  }
}
