/** A collector of traces: it speaks OTLP over HTTP, as any does, and keeps what it was sent. */

import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Value = Readonly<
  Record<'stringValue' | 'intValue' | 'doubleValue' | 'boolValue', string | number | boolean>
>;
type Pair = { readonly key: string; readonly value: Value };

/** A span as it was sent, with its attributes by name. */
export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly events: readonly { readonly name: string; readonly attributes: ReceivedSpan['attributes'] }[];
  readonly status: { readonly code: number };
  readonly durationMs: number;
}

export interface Collector {
  /** Where it listens. */
  readonly url: string;
  readonly messages: readonly {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
  }[];
  /** All bodies, as text. */
  text(): string;
  /** The spans of bodies of JSON. */
  spans(): readonly ReceivedSpan[];
  /** The attributes of the process that sent the last body. */
  resource(): ReceivedSpan['attributes'];
}

/** A collector for one test. @param answer what it does with a message that it has kept. By default it takes it. */
export async function startCollector(answer?: RequestListener): Promise<Collector> {
  const { collector, close } = await openCollector(answer);
  onTestFinished(close);
  return collector;
}

/** The same; close it. */
export async function openCollector(
  answer: RequestListener = (_, response) => response.setHeader('content-type', 'application/json').end('{}'),
): Promise<{ readonly collector: Collector; readonly close: () => void }> {
  const messages: { path: string; headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      messages.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces) });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector = collectorOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, messages);
  return { collector, close: () => void server.close().closeAllConnections() };
}

function collectorOf(url: string, messages: Collector['messages']): Collector {
  const sent = () => messages.map(({ body }) => JSON.parse(body.toString()) as Sent);
  return {
    url,
    messages,
    text: () => messages.map(({ body }) => body.toString('latin1')).join('\n'),
    spans: () =>
      sent().flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(spanOf))),
      ),
    resource: () => attributesOf(sent().at(-1)?.resourceSpans[0]?.resource.attributes ?? []),
  };
}

interface SentSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Pair[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly Pair[] }[];
  readonly status: { readonly code: number };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Pair[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

function spanOf({ startTimeUnixNano, endTimeUnixNano, ...span }: SentSpan): ReceivedSpan {
  return {
    ...span,
    parentSpanId: span.parentSpanId || undefined,
    attributes: attributesOf(span.attributes),
    events: span.events.map(({ name, attributes }) => ({ name, attributes: attributesOf(attributes) })),
    durationMs: Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6,
  };
}

function attributesOf(pairs: readonly Pair[]): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    pairs.map(({ key, value }) => {
      const number = value.intValue ?? value.doubleValue;
      return [key, number === undefined ? (value.stringValue ?? value.boolValue) : Number(number)];
    }),
  );
}
