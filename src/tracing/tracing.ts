/**
 * Spans of OpenTelemetry for requests, calls of the store and commits. Nothing in them tells of a customer or a secret: of a
 * request there are its method, its route and its status, of a call its name, of a commit its numbers. No URL, no query, no
 * header, no address, no file and no message of an error is there, and a name is only one that daymark has.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import {
  type Attributes,
  type Context,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingOptions } from '../config/tracing-variables.ts';
import { DaymarkError } from '../errors.ts';
import type { StoredCommit } from '../pipeline/types.ts';
import type { BegunRequest, RequestSpan, RequestTracing } from './contract.ts';
import { Sender, type SenderEvents } from './sender.ts';

/** A client may think of any other method. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

/** As OpenTelemetry names databases. */
export type DatabaseSystem = 'sqlite' | 'postgresql';

export interface TracingParts {
  readonly options: TracingOptions;
  readonly database: DatabaseSystem;
  readonly version: string;
  /** How long a stop tries to send what is left. */
  readonly flushMs: number;
  readonly events: SenderEvents;
  /** What the library finds odd in the standard variables. */
  readonly odd: (text: string) => void;
}

/** The spans of this process, on their way to a collector. */
export class Tracing implements RequestTracing {
  readonly #sender: Sender;
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #database: DatabaseSystem;
  readonly #flushMs: number;
  /** Whose child a call of the store is. */
  readonly #current = new AsyncLocalStorage<Context>();

  constructor({ options, database, version, flushMs, events, odd }: TracingParts) {
    // What it says later, it says of each batch.
    const tell = (text: string) => odd(text);
    const silent = () => undefined;
    diag.setLogger(
      { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
    this.#database = database;
    this.#flushMs = flushMs;
    this.#sender = new Sender(options, events);
    this.#provider = new TracerProvider({
      resource: resourceOf(version),
      sampler: samplerOf(options),
      spanProcessors: [this.#sender],
    });
    this.#tracer = this.#provider.getTracer('daymark', version);
    diag.disable();
  }

  begin({ method, protocol, headers }: BegunRequest): RequestSpan {
    const known = METHODS.has(method) ? method : '_OTHER';
    const name = known === '_OTHER' ? 'HTTP' : known;
    // A proxy may pass on whatever a client calls it.
    const scheme = protocol === 'https' ? 'https' : 'http';
    const attributes = { 'http.request.method': known, 'url.scheme': scheme };
    const span = this.#tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parentIn(headers));
    return {
      run: (answer) => this.#current.run(trace.setSpan(ROOT_CONTEXT, span), answer),
      end: (route, status) => endRequest(span, name, route, status),
    };
  }

  /**
   * @param names the methods that become children of the request in which they are called. Elsewhere they become nothing: a
   * trace begins with a request or a commit.
   * @returns the same, traced.
   */
  calls<T extends object>(target: T, names: readonly (keyof T & string)[]): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = (...args: unknown[]): unknown => value.apply(target, args);
        if (!(names as readonly (string | symbol)[]).includes(name)) return call;
        return (...args: unknown[]) => this.#call(String(name), () => call(...args));
      },
    });
  }

  /** A commit that was stored, just now. */
  commit(commit: StoredCommit): void {
    const endMs = Date.now();
    const beganMs = endMs - commit.totalMs;
    const attributes = { ...this.#operation('commit'), ...numbersOf(commit) };
    const options = { kind: SpanKind.CLIENT, startTime: beganMs, attributes };
    const span = this.#tracer.startSpan('commit', options, ROOT_CONTEXT);
    for (const { afterMs, code } of commit.failures)
      span.addEvent('retry', { 'error.type': code }, beganMs + afterMs);
    span.end(endMs);
  }

  /**
   * Sends what is left, for a few moments at most.
   * @returns how many spans were not sent by then.
   */
  async close(): Promise<number> {
    const sent = this.#provider.shutdown().catch(() => undefined);
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, this.#flushMs);
    await Promise.race([sent, patience.promise]);
    clearTimeout(timer);
    return this.#sender.unsettled;
  }

  #call(name: string, work: () => unknown): unknown {
    const parent = this.#current.getStore();
    if (parent === undefined) return work();
    const span = this.#tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, attributes: this.#operation(name) },
      parent,
    );
    return ending(span, work);
  }

  #operation(name: string): Attributes {
    return { 'db.system.name': this.#database, 'db.operation.name': name };
  }
}

/** Ends a span with the work, with its promise, or with the last page that it gives. */
function ending(span: Span, work: () => unknown): unknown {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    endWith(span, error);
    throw error;
  }
  if (isPages(result)) return pagesOf(span, result);
  const done = Promise.resolve(result);
  done.then(
    () => span.end(),
    (error: unknown) => endWith(span, error),
  );
  return result;
}

function isPages(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function* pagesOf(span: Span, pages: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* pages;
  } catch (error) {
    noteError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function endWith(span: Span, error: unknown): void {
  noteError(span, error);
  span.end();
}

/** What an error says may hold a value. Its code does not. */
function noteError(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof DaymarkError ? error.code : 'INTERNAL');
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function endRequest(span: Span, name: string, route: string | undefined, status: number): void {
  if (route !== undefined) {
    span.updateName(`${name} ${route}`);
    // The path as it was asked for names a customer.
    span.setAttributes({ 'http.route': route, 'url.path': route });
  }
  if (status === 0) span.setAttribute('error.type', 'client_disconnected');
  else span.setAttribute('http.response.status_code', status);
  if (status >= 500) {
    span.setAttribute('error.type', String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** Of the trace that the client began. Its `tracestate` is left out: it may hold anything, and nobody reads it here. */
function parentIn({ traceparent }: BegunRequest['headers']): Context {
  const parent = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null;
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
}

function numbersOf(commit: StoredCommit): Attributes {
  return {
    'daymark.lines': commit.lines,
    'daymark.lines.accepted': commit.accepted,
    'daymark.lines.rejected': commit.rejected,
    'daymark.lines.dropped': commit.dropped,
    'daymark.lines.excluded': commit.excluded,
    'daymark.lines.late': commit.late,
    'daymark.bytes': commit.bytes,
    'daymark.partitions': commit.partitions,
    'daymark.rows': commit.rows,
    'daymark.tries': commit.tries,
  };
}

/** `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` win. */
function resourceOf(version: string) {
  const own = resourceFromAttributes({
    'service.name': 'daymark',
    'service.version': version,
    'service.instance.id': randomUUID(),
  });
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }));
}

function samplerOf({ sampler, ratio }: TracingOptions): Sampler {
  const [, isOfParent, kind] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const root =
    kind === 'always_off'
      ? new AlwaysOffSampler()
      : kind === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  return isOfParent === undefined ? root : new ParentBasedSampler({ root });
}
