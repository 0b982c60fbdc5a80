/**
 * Log records of OpenTelemetry (OTLP, JSON) as lines. Each record is one line, so that each is accepted or rejected like any other
 * line, by the same scanner. `otlp-format.ts` has the format of these lines.
 */

import { MAX_OTLP_DEPTH } from '../../limits.ts';

/** What a record says: its attributes, or a line of a log in its body. */
export type OtlpRecords = 'attributes' | 'body';

export interface OtlpSettings {
  readonly records: OtlpRecords;
  /** The attribute with the customer. */
  readonly customerAttribute: string;
  /** The attribute with the duration. */
  readonly durationAttribute: string;
}

/** Names of attributes, by the field that they fill. The first one that a record has counts; older names come later. */
const ATTRIBUTES = {
  status: ['http.response.status_code', 'http.status_code'],
  request_path: ['url.path', 'http.target', 'url.full', 'http.url', 'http.route'],
  method: ['http.request.method', 'http.method'],
  host: ['server.address', 'http.host', 'net.host.name'],
  client: ['client.address', 'http.client_ip', 'net.sock.peer.addr'],
  agent: ['user_agent.original', 'http.user_agent'],
} as const;

/** The content is not what OTLP says. */
export class NotOtlp extends Error {}

type Json = Readonly<Record<string, unknown>>;
type Value = string | number | boolean;

/** Values by the name of their attribute; undefined where one list gave two values for a name. */
type Values = Map<string, Value | undefined>;

/**
 * @param text a request of OTLP: `ExportLogsServiceRequest` in JSON.
 * @throws {NotOtlp}
 */
export function* otlpLines(text: string, settings: OtlpSettings): Generator<string> {
  for (const resourceLogs of listOf(objectOf(parsed(text)), 'resourceLogs', 'resource_logs')) {
    const ofResource = listOf(objectOf(resourceLogs.resource ?? {}), 'attributes');
    for (const scopeLogs of listOf(resourceLogs, 'scopeLogs', 'scope_logs')) {
      const ofScope = listOf(objectOf(scopeLogs.scope ?? {}), 'attributes');
      for (const record of listOf(scopeLogs, 'logRecords', 'log_records'))
        yield settings.records === 'body'
          ? lineOfBody(record)
          : lineOf(record, [ofResource, ofScope], settings);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotOtlp('it is no JSON');
  }
}

function objectOf(value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new NotOtlp('something in it is no object that must be one');
}

/** Receivers must take the names of protobuf, too. */
function listOf(value: Json, ...names: readonly string[]): readonly Json[] {
  const name = names.find((one) => value[one] !== undefined && value[one] !== null);
  if (name === undefined) return [];
  const list = value[name];
  if (!Array.isArray(list)) throw new NotOtlp(`\`${name}\` is no list`);
  return list.map(objectOf);
}

/** A body of several lines, or of none, becomes a text in quotes, which no format takes for a line of a log. */
function lineOfBody({ body }: Json): string {
  const value = plainValueOf(body);
  const line = typeof value === 'string' ? value.replace(/\r?\n$/, '') : undefined;
  return line !== undefined && !/[\r\n]/.test(line) ? line : JSON.stringify(value ?? null);
}

function lineOf(record: Json, shared: readonly (readonly Json[])[], settings: OtlpSettings): string {
  const values: Values = new Map();
  for (const list of shared) addAll(values, list);
  const body = membersOf(record.body);
  if (body) addAll(values, body);
  addAll(values, listOf(record, 'attributes'));
  const first = (names: readonly string[]): Value | undefined => {
    const name = names.find((one) => values.has(one));
    return name === undefined ? undefined : values.get(name);
  };
  const fields = Object.entries(ATTRIBUTES).map(([field, names]) => [field, first(names)] as const);
  return JSON.stringify({
    timestamp: timeOf(record),
    customer_id: textOf(values.get(settings.customerAttribute)),
    ...Object.fromEntries(fields),
    duration: values.get(settings.durationAttribute),
  });
}

/** Where a record does not say when it happened, it is when the collector saw it. */
function timeOf(record: Json): string | undefined {
  const times = [
    ...[record.timeUnixNano, record.time_unix_nano, record.observedTimeUnixNano],
    record.observed_time_unix_nano,
  ];
  return times.map(integerOf).find((time) => time !== undefined && time !== '0');
}

/** A customer is a text or a whole number. Anything else is no id. */
function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** A list that names an attribute twice with different values says nothing of it: one of them would be wrong. */
function addAll(values: Values, list: readonly Json[], prefix = '', depth = 0): void {
  const own = new Map<string, Value | undefined>();
  addTo(own, list, prefix, depth);
  for (const [name, value] of own) values.set(name, value);
}

function addTo(own: Values, list: readonly Json[], prefix: string, depth: number): void {
  for (const { key, value } of list) {
    if (typeof key !== 'string') throw new NotOtlp('an attribute has no `key`');
    const name = prefix + key;
    const members = depth < MAX_OTLP_DEPTH ? membersOf(value) : undefined;
    if (members) addTo(own, members, `${name}.`, depth + 1);
    else {
      const read = plainValueOf(value);
      own.set(name, own.has(name) && own.get(name) !== read ? undefined : read);
    }
  }
}

function membersOf(value: unknown): readonly Json[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kvlistValue = (value as Json).kvlist_value } = value as Json;
  return typeof kvlistValue === 'object' && kvlistValue !== null
    ? listOf(kvlistValue as Json, 'values')
    : undefined;
}

/** The value of an `AnyValue` that is one thing. Whole numbers of 64 bits come as text. */
function plainValueOf(value: unknown): Value | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const any = value as Json;
  const text = any.stringValue ?? any.string_value;
  if (typeof text === 'string') return text;
  const whole = integerOf(any.intValue ?? any.int_value);
  if (whole !== undefined) return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  const real = any.doubleValue ?? any.double_value;
  if (typeof real === 'number') return real;
  const truth = any.boolValue ?? any.bool_value;
  return typeof truth === 'boolean' ? truth : undefined;
}

const INTEGER = /^-?\d{1,20}$/;

function integerOf(value: unknown): string | undefined {
  if (typeof value === 'string') return INTEGER.test(value) ? value : undefined;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : undefined;
}
