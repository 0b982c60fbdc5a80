import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { tracingOptionsOf } from '../../src/config/tracing-variables.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('traces', () => {
  test.each([
    ['no collector is named', {}],
    ['its name is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    ['only one of metrics is named', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:4318' }],
    ['the library is turned off', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['traces go nowhere', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
    ['traces go somewhere else', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'zipkin,console' }],
  ])('are off where %s', (_, environment) => {
    expect(tracingOptionsOf(environment)).toBeUndefined();
  });

  test('have the defaults of the specification', () => {
    expect(tracingOptionsOf(ENDPOINT)).toEqual({
      ...{ protocol: 'http/protobuf', sampler: 'parentbased_always_on', ratio: 1 },
      ...{ sendDelayMs: 5000, sendTimeoutMs: 30_000, maxQueuedSpans: 2048, maxSpansASend: 512 },
    });
  });

  test('take the variable of traces before that of all', () => {
    const own = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://127.0.0.1/v1/traces',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    };
    const options = tracingOptionsOf({
      ...own,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'nonsense',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_TRACES_EXPORTER: 'console, otlp',
    });
    expect(options).toMatchObject({ protocol: 'http/json' });
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://user:secret@collector'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '100000'],
    ['OTEL_BSP_SCHEDULE_DELAY', 'soon'],
  ])('cannot be sent with %s=%s, and the reason holds no password', (name, value) => {
    const options = () => tracingOptionsOf({ ...ENDPOINT, [name]: value });
    expect(options).toThrow(name === 'OTEL_EXPORTER_OTLP_ENDPOINT' ? 'the endpoint is no URL' : name);
    expect(options).not.toThrow('secret');
  });
});

describe('in the environment,', () => {
  const load = (environment: Record<string, string>) =>
    loadSettings({ flags: {}, environment, configFile: undefined });

  test.each([
    ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_SERVICE_NAME'],
    ...['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    ...['OTEL_EXPORTER_OTLP_TIMEOUT', 'OTEL_EXPORTER_OTLP_COMPRESSION', 'OTEL_EXPORTER_OTLP_CERTIFICATE'],
    ...['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_LOGS_EXPORTER'],
    ...['OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG', 'OTEL_TRACES_EXPORTER', 'OTEL_RESOURCE_ATTRIBUTES'],
    ...['OTEL_BSP_SCHEDULE_DELAY', 'OTEL_BLRP_SCHEDULE_DELAY', 'OTEL_PROPAGATORS', 'OTEL_SDK_DISABLED'],
  ])('%s is a standard name', (name) => {
    expect(() => load({ [name]: 'x' })).not.toThrow();
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPONT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    ['OTEL_EXPORTER_OTLP_TRACE_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
    ['OTEL_SERVICENAME', 'OTEL_SERVICE_NAME'],
  ])('%s is refused: without it, traces would be off', (name, meant) => {
    expect(() => load({ [name]: 'x' })).toThrow(meant);
  });
});
