/** What the standard variables of OpenTelemetry say of traces. The library reads the others by itself. */

import { MAX_QUEUED_SPANS } from '../limits.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that name a collector and this service. A name that is nearly one of them is a mistake. */
export const TRACING_VARIABLES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_SERVICE_NAME',
] as const;

const SAMPLERS = [
  ...(['always_on', 'always_off', 'traceidratio'] as const),
  ...(['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const),
];
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

export interface TracingOptions {
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly sampler: (typeof SAMPLERS)[number];
  /** The share of traces that the samplers by ratio take, from 0 to 1. */
  readonly ratio: number;
  /** How long a span waits for others before they are sent together. */
  readonly sendDelayMs: number;
  readonly sendTimeoutMs: number;
  /** The most spans that wait. Further ones are lost. */
  readonly maxQueuedSpans: number;
  readonly maxSpansASend: number;
}

/** A value that nothing can be done with. */
export class UnusableVariable extends Error {}

/**
 * @returns undefined where traces are not asked for: no collector is named, or they are turned off.
 * @throws {UnusableVariable} for people; it holds no value that may be a secret.
 */
export function tracingOptionsOf(environment: Environment): TracingOptions | undefined {
  const value = (...names: string[]) => names.map((name) => environment[name]?.trim()).find(Boolean);
  const endpoint = value('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === undefined || value('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  const exporters = value('OTEL_TRACES_EXPORTER')?.split(',') ?? ['otlp'];
  if (!exporters.some((name) => name.trim() === 'otlp')) return undefined;
  if (!isHttpUrl(endpoint))
    throw new UnusableVariable('the endpoint is no URL that begins with http:// or https://');
  const number = (name: string, byDefault: number, max: number) =>
    wholeNumber(name, value(name), byDefault, max);
  const maxQueuedSpans = number('OTEL_BSP_MAX_QUEUE_SIZE', 2048, MAX_QUEUED_SPANS);
  return {
    protocol: oneOf(
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      value('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf',
      PROTOCOLS,
    ),
    sampler: oneOf('OTEL_TRACES_SAMPLER', value('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on', SAMPLERS),
    ratio: ratioOf(value('OTEL_TRACES_SAMPLER_ARG') ?? '1'),
    sendDelayMs: number('OTEL_BSP_SCHEDULE_DELAY', 5000, 3_600_000),
    sendTimeoutMs: number('OTEL_BSP_EXPORT_TIMEOUT', 30_000, 3_600_000),
    maxQueuedSpans,
    maxSpansASend: Math.min(maxQueuedSpans, number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, MAX_QUEUED_SPANS)),
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw new UnusableVariable(`${name} is ${JSON.stringify(text)}, but must be ${choices.join(' or ')}`);
}

function ratioOf(text: string): number {
  const ratio = Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new UnusableVariable(`OTEL_TRACES_SAMPLER_ARG is ${JSON.stringify(text)}, but must be from 0 to 1`);
}

function wholeNumber(name: string, text: string | undefined, byDefault: number, max: number): number {
  const number = text === undefined ? byDefault : Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  throw new UnusableVariable(
    `${name} is ${JSON.stringify(text)}, but must be a whole number from 1 to ${max}`,
  );
}
