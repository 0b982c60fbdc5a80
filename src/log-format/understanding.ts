/** Shows people how lines are read, field by field. */

import { excerptOf } from './excerpt.ts';
import type { FieldElement, LogFormat } from './format.ts';
import { linesOfSample, NO_CUSTOMER, withoutNeedOfCustomer } from './sample.ts';
import type { ParsedLine, ScanSettings } from './types.ts';

/** The values that were read from a line. */
export interface UnderstoodLine {
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly eventTimeMs: number;
  /** Undefined where the line has none. */
  readonly customerId: string | undefined;
  /** The request path, or the whole request (`GET / HTTP/1.1`). Undefined where it is not shown. */
  readonly path: string | undefined;
  readonly status: number;
  /** Undefined where the line has none. */
  readonly durationUs: number | undefined;
}

/** The first lines of a sample that fit the format. @param most how many at most. */
export function understoodLines(
  sample: Uint8Array,
  isWhole: boolean,
  settings: ScanSettings,
  most: number,
): UnderstoodLine[] {
  const scan = withoutNeedOfCustomer(settings);
  const paths = pathsOf(sample, isWhole, scan);
  const found: UnderstoodLine[] = [];
  for (const { reason, parsed } of linesOfSample(sample, isWhole, scan)) {
    if (found.length >= most) break;
    const path = paths.next().value ?? undefined;
    if (!reason) found.push({ ...asUnderstood(parsed), path });
  }
  return found;
}

function asUnderstood({
  eventTimeMs,
  customerId,
  status,
  durationUs,
}: ParsedLine): Omit<UnderstoodLine, 'path'> {
  const id = excerptOf(customerId, 0, customerId.length);
  return {
    eventTimeMs,
    customerId: id === NO_CUSTOMER ? undefined : id,
    status,
    durationUs: durationUs < 0 ? undefined : durationUs,
  };
}

/**
 * The path of each line of the sample. Records do not keep it, so this reads the lines again, with their path in the place
 * of the customer id.
 */
function* pathsOf(
  sample: Uint8Array,
  isWhole: boolean,
  settings: ScanSettings,
): Generator<string | undefined> {
  const format = withPathAsCustomer(settings.format);
  if (!format) return;
  const scan = { ...settings, format, missingCustomerId: NO_CUSTOMER };
  for (const { reason, parsed } of linesOfSample(sample, isWhole, scan)) {
    const { customerId } = parsed;
    yield reason ? undefined : excerptOf(customerId, 0, customerId.length);
  }
}

function withPathAsCustomer({ customerPath: _, ...format }: LogFormat): LogFormat | undefined {
  switch (format.layout) {
    case 'pattern': {
      const elements = format.elements.map((each) => (typeof each === 'string' ? each : swapped(each)));
      return elements.some((each) => typeof each !== 'string' && isCustomer(each))
        ? { ...format, elements }
        : undefined;
    }
    case 'json':
      return withFields(format);
    case 'logfmt':
    case 'ltsv':
      return withFields(format);
    case 'w3c':
    case 'delimited':
      return withFields(format);
  }
}

function withFields<E extends FieldElement, F extends { readonly fields: readonly E[] }>(
  format: F,
): F | undefined {
  const fields = format.fields.map(swapped);
  return fields.some(isCustomer) ? { ...format, fields } : undefined;
}

function isCustomer({ field }: FieldElement): boolean {
  return field.role === 'customer_id';
}

function swapped<E extends FieldElement>(element: E): E {
  if (isCustomer(element)) return { ...element, field: { role: 'skip' } };
  const isPath = element.field.role === 'request_path' || element.field.role === 'request';
  return isPath ? { ...element, field: { role: 'customer_id' }, isOptional: true } : element;
}
