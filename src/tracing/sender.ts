/** Sends spans to a collector by OTLP over HTTP, in batches, and knows which of them were lost. */

import { TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import {
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { TracingOptions } from '../config/tracing-variables.ts';

export interface SenderEvents {
  /** Spans were lost: the collector did not take them, or too many waited. */
  lost(spans: number): void;
  /** The collector took spans. */
  sent(): void;
  /** It did not take some, after several tries. */
  failed(error: Error): void;
}

/**
 * Bounds the spans that wait, and counts those that are lost. The library's own queue drops spans, too, and tells nobody, so its
 * bound is never reached.
 */
export class Sender implements SpanProcessor {
  readonly #batches: SpanProcessor;
  readonly #options: TracingOptions;
  readonly #events: SenderEvents;
  #waiting = 0;
  #unsettled = 0;

  constructor(options: TracingOptions, events: SenderEvents) {
    this.#options = options;
    this.#events = events;
    this.#batches = new BatchSpanProcessor({
      exporter: this.#counted(exporterOf(options)),
      scheduledDelayMillis: options.sendDelayMs,
      exportTimeoutMillis: options.sendTimeoutMs,
      maxQueueSize: options.maxQueuedSpans,
      maxExportBatchSize: options.maxSpansASend,
    });
  }

  /** Spans whose fate is not known yet. */
  get unsettled(): number {
    return this.#unsettled;
  }

  onStart(): void {
    // A span is sent when it ends.
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (this.#waiting >= this.#options.maxQueuedSpans) {
      this.#events.lost(1);
      return;
    }
    this.#waiting++;
    this.#unsettled++;
    this.#batches.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#batches.shutdown();
  }

  #counted(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) => {
        this.#waiting -= spans.length;
        exporter.export(spans, (result) => {
          this.#unsettled -= spans.length;
          if (result.code === ExportResultCode.SUCCESS) this.#events.sent();
          else {
            this.#events.lost(spans.length);
            this.#events.failed(result.error ?? new Error('it did not take them'));
          }
          done(result);
        });
      },
      shutdown: () => exporter.shutdown(),
    };
  }
}

/** It takes where, headers, certificates, compression and timeout from the standard variables. */
function exporterOf({ protocol }: TracingOptions): SpanExporter {
  const isJson = protocol === 'http/json';
  const contentType = isJson ? 'application/json' : 'application/x-protobuf';
  return createOtlpHttpExportDelegate(
    convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', { 'Content-Type': contentType }),
    isJson ? JsonTraceSerializer : ProtobufTraceSerializer,
    'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
    undefined,
  );
}
