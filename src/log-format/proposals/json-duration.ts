/** Finds the duration among the values of JSON lines, and its unit. */

import type { DurationUnit } from '../format.ts';
import type { JsonLine, Leaf } from './json-leaves.ts';
import { isDurationName, isHarmlessName, unitInName } from './json-names.ts';
import { timeKindOf } from './json-time.ts';

export type DurationFound =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'known';
      readonly key: string;
      /** As a mapping writes it. */
      readonly unit: string;
      readonly because: string;
      readonly isOptional: boolean;
    }
  /** `what` follows "daymark cannot tell". */
  | { readonly kind: 'unsure'; readonly what: string; readonly key?: string };

const NUMBER = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** `12ms`, `1m2.5s`, `5 msecs`. */
const WITH_UNIT = /^(?:\d+(?:\.\d+)? ?(?:ns|us|µs|μs|ms|s|m|h|secs?|msecs?|micros?) ?)+$/;
const MISSING = /^(?:-|-1|)$/;

/** Keys beside which a product writes its duration in a unit that is known. */
interface Product {
  readonly key: RegExp;
  readonly beside: RegExp;
  readonly unit: DurationUnit;
  readonly because: string;
  /** What all values look like. Undefined: anything. */
  readonly shape?: RegExp;
  /** True where one value of this shape is enough. */
  readonly isOneEnough?: boolean;
}

const CADDY = /^(resp_headers\b.*|bytes_read|resp_headers)$/;

const PRODUCTS: readonly Product[] = [
  {
    key: /^request_time$/,
    beside:
      /^(remote_addr|remote_user|body_bytes_sent|bytes_sent|http_\w+|upstream_\w+|request_method|server_protocol|time_iso8601|time_local|request_uri)$/,
    unit: 's',
    because: 'nginx writes $request_time so',
    shape: /^\d+\.\d{3}$/,
  },
  {
    key: /^Duration$/,
    beside: /^(DownstreamStatus|OriginStatus)$/,
    unit: 'ns',
    because: 'Traefik writes it so',
  },
  {
    key: /^duration$/,
    beside: /^(response_flags|upstream_service_time)$/,
    unit: 'ms',
    because: 'Envoy writes it so',
  },
  { key: /^responseTime$/, beside: /^res\.statusCode$/, unit: 'ms', because: 'pino-http writes it so' },
  { key: /^latencies\.request$/, beside: /^latencies\.proxy$/, unit: 'ms', because: 'Kong writes it so' },
  {
    key: /^event(\.|\\\.)duration$/,
    beside: /^(@timestamp|ecs\b.*)$/,
    unit: 'ns',
    because: 'the Elastic Common Schema says so',
  },
  {
    key: /^duration$/,
    beside: CADDY,
    unit: 's',
    because: 'Caddy writes only seconds with a fraction',
    shape: /[.e]/,
    isOneEnough: true,
  },
  {
    key: /^duration$/,
    beside: CADDY,
    unit: 'ns',
    because: 'in Caddy’s other units it would be over a day',
    shape: /^\d{9,}$/,
    isOneEnough: true,
  },
];

/** True where the lines show in which unit the duration is. @param lines lines that are requests. */
export function isUnitShown(lines: readonly JsonLine[]): boolean {
  return durationIn(lines).kind === 'known';
}

/** @param lines lines that are requests. */
export function durationIn(lines: readonly JsonLine[]): DurationFound {
  const keys = [...new Set(lines.flatMap((line) => [...line.keys()]))];
  const named = keys.filter((key) => isDurationName(key) && isDuration(valuesOf(lines, key)));
  const ofProduct = named.flatMap((key) => productOf(lines, keys, key) ?? []);
  const [only] =
    ofProduct.length === 1 ? ofProduct : named.length === 1 ? named.map((key) => foundAt(lines, key)) : [];
  if (only) return only;
  if (named.length > 1) return { kind: 'unsure', what: `which of ${named.join(', ')} is the duration` };
  const numbers = keys.filter(
    (key) => !isHarmlessName(key) && isNumbers(valuesOf(lines, key)) && !isTime(valuesOf(lines, key)),
  );
  if (numbers.length === 0) return { kind: 'none' };
  return { kind: 'unsure', what: `whether ${numbers.slice(0, 5).join(' or ')} is the duration` };
}

function foundAt(lines: readonly JsonLine[], key: string): DurationFound {
  const leaves = valuesOf(lines, key).filter(({ text }) => !MISSING.test(text));
  const isOptional = leaves.length < lines.length;
  if (leaves.every(({ text }) => WITH_UNIT.test(text)))
    return { kind: 'known', key, unit: 'text', because: 'the values have units', isOptional };
  const unit = unitInName(key);
  if (unit && leaves.every(({ text }) => NUMBER.test(text)))
    return { kind: 'known', key, unit, because: 'its name says so', isOptional };
  const [example] = leaves;
  return { kind: 'unsure', what: `the unit of the duration ${key} (such as ${example?.text})`, key };
}

function productOf(
  lines: readonly JsonLine[],
  keys: readonly string[],
  key: string,
): DurationFound | undefined {
  const leaves = valuesOf(lines, key).filter(({ text }) => !MISSING.test(text));
  const product = PRODUCTS.find(
    ({ key: wanted, beside, shape = /^/, isOneEnough = false }) =>
      wanted.test(key) &&
      keys.some((other) => beside.test(other)) &&
      leaves.every(({ text }) => NUMBER.test(text)) &&
      (isOneEnough
        ? leaves.some(({ text }) => shape.test(text))
        : leaves.every(({ text }) => shape.test(text))),
  );
  if (!product) return undefined;
  const { unit, because } = product;
  return { kind: 'known', key, unit, because, isOptional: leaves.length < lines.length };
}

function valuesOf(lines: readonly JsonLine[], key: string): Leaf[] {
  return lines.flatMap((line) => line.get(key) ?? []);
}

function isDuration(leaves: readonly Leaf[]): boolean {
  const present = leaves.filter(({ text }) => !MISSING.test(text));
  return (
    present.length > 0 &&
    present.every(({ text }) => NUMBER.test(text) || WITH_UNIT.test(text)) &&
    !isTime(present)
  );
}

function isNumbers(leaves: readonly Leaf[]): boolean {
  return leaves.length > 0 && leaves.every(({ text }) => NUMBER.test(text) || WITH_UNIT.test(text));
}

function isTime(leaves: readonly Leaf[]): boolean {
  return timeKindOf(leaves.map(({ text }) => text)) !== undefined;
}
