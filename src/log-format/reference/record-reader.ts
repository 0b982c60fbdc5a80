import { MAX_DURATION_US } from '../../limits.ts';
import { countPlaces, elementsOf, pathPlacesOf, placesIn } from '../customer-places.ts';
import { EndpointReader } from '../endpoints/endpoint-reader.ts';
import type { EndpointFields } from '../endpoints/types.ts';
import type {
  CustomerPathPlace,
  CustomerPlace,
  Field,
  FieldElement,
  TimestampKind,
  TimestampPart,
} from '../format.ts';
import { RuleJudge } from '../rules/rule-judge.ts';
import { EXCLUDED, type ParsedLine, type RejectionReason, type ScanSettings } from '../types.ts';
import { byteText, matchAt, utf8Text } from './byte-text.ts';
import { customerIdOf } from './customer.ts';
import { type TakeId, takeIdBy } from './customer-steps.ts';
import { isOver, roundHalfUp, sum, ZERO } from './decimal.ts';
import { type DurationElement, readDuration } from './duration.ts';
import { percentDecoded } from './escapes.ts';
import { captured, type PathTemplate, parsePathTemplate } from './path-template.ts';
import { between, type Instant, readTimestamp } from './timestamp.ts';
import type { Value } from './value.ts';

/** The reason where a field of a role is wrong. */
export const REASON_OF: Record<Field['role'], RejectionReason> = {
  timestamp: 'invalid_timestamp',
  begin: 'invalid_timestamp',
  end: 'invalid_timestamp',
  customer_id: 'invalid_customer_id',
  request_path: 'invalid_request_path',
  request: 'malformed_line',
  status: 'invalid_status',
  duration: 'invalid_duration',
  skip: 'malformed_line',
};

type TimeField = Extract<Field, { readonly kind: unknown }>;

/** Values of these roles end where their grammar ends. Others end where the next text begins. */
const SELF_ENDING: ReadonlySet<Field['role']> = new Set(['timestamp', 'begin', 'end', 'status', 'duration']);

export function isSelfEnding({ field }: FieldElement): boolean {
  // Half of a time has no grammar of its own.
  return SELF_ENDING.has(field.role) && !(field.role === 'timestamp' && field.part);
}

/** What stands between a date and a time of a kind. */
function jointOf(kind: TimestampKind): string {
  return kind === 'clf' ? ':' : ' ';
}

/** Control characters of one byte. A line with one in its path is broken. */
const CONTROL = /[^ -~\x80-\xff]/;

/**
 * Three digits, or how servers write that there was no response: CloudFront and nginx `000`, Caddy and Envoy `0`,
 * HAProxy `-1`.
 */
const STATUS = /[1-5]\d\d|000|0|-1/y;
const NO_RESPONSE = 0;

/** Behind all places. */
const NO_PLACE = Number.POSITIVE_INFINITY;

/**
 * `GET /path HTTP/1.1` (RFC 9112, section 3). Clients also write spaces into paths, so the path reaches from the first
 * space to the last one, and what follows must be a protocol.
 */
const REQUEST = /^[^ ]+ ([^ ](?:.*[^ ])?) [A-Za-z][\w.+-]*\/\d+(?:\.\d+)?$/s;
/** Such a request has two protocols, so nobody can tell where its path ends. */
const PROTOCOL_INSIDE = / HTTP\/\d/;

/** Makes a record of the fields of a line, whatever its layout. */
export class RecordReader {
  readonly #settings: ScanSettings;
  readonly #pathPlaces: readonly PathPlace[];
  /** How to take the id out of each place in a field. */
  readonly #takeIds = new Map<CustomerPlace, TakeId>();
  /** True where the id is known only at the end of the line. */
  readonly #hasSeveralPlaces: boolean;
  /** By byte text. */
  readonly #idOfAlias: ReadonlyMap<string, Uint8Array>;
  readonly #fallbackId: Uint8Array | undefined;
  readonly #hasDuration: boolean;
  readonly #hasTimestamp: boolean;
  #parsed: ParsedLine = { eventTimeMs: 0, customerId: new Uint8Array(), status: 0, durationUs: 0 };
  #total = ZERO;
  #isWithoutDuration = false;
  /** The number of the first place so far that has a value, and that value: undefined where it cannot be read. */
  #bestRank = NO_PLACE;
  #best: string | undefined = '';
  #begin: Instant | undefined;
  #end: Instant | undefined;
  /** The halves of the time that were read. */
  #halves: Partial<Record<TimestampPart, string>> = {};
  #isWithoutCustomer = false;
  /** Undefined where every line counts. */
  readonly #judge: RuleJudge | undefined;
  /** Undefined where no endpoints are kept. */
  readonly #endpoints: EndpointReader | undefined;

  /** @param settings whose format has the marks of `fields`. @param fields undefined where lines have no endpoint. */
  constructor(settings: ScanSettings, fields: EndpointFields | undefined) {
    this.#settings = settings;
    const { missingCustomerId, format, rules, endpoints, aliases = [] } = settings;
    this.#judge = rules && new RuleJudge(rules);
    this.#pathPlaces = pathPlacesOf(format).map(pathPlaceOf);
    const templates = this.#pathPlaces.map(({ template }) => template);
    this.#endpoints = endpoints && fields && new EndpointReader(endpoints, fields, templates);
    for (const { field } of elementsOf(format))
      for (const place of placesIn(field)) this.#takeIds.set(place, takeIdBy(place.steps));
    this.#hasSeveralPlaces = countPlaces(format) > 1;
    this.#idOfAlias = new Map([...aliases].map(([alias, id]) => [utf8Text(alias), Buffer.from(id)]));
    this.#fallbackId =
      missingCustomerId === undefined ? undefined : this.#idOf(Buffer.from(missingCustomerId));
    const roles = new Set(elementsOf(format).map(({ field }) => field.role));
    this.#hasDuration = roles.has('duration');
    this.#hasTimestamp = roles.has('timestamp');
  }

  /** Begins a line. */
  begin(parsed: ParsedLine): void {
    this.#parsed = parsed;
    this.#total = ZERO;
    this.#isWithoutDuration = !this.#hasDuration;
    this.#bestRank = NO_PLACE;
    this.#best = '';
    this.#begin = undefined;
    this.#end = undefined;
    this.#halves = {};
    this.#isWithoutCustomer = false;
    this.#judge?.begin();
    this.#endpoints?.begin();
  }

  /**
   * Ends a line.
   * @param reason why its form or a value is wrong; undefined where all its fields were read.
   * @returns the verdict on the line. Of several faults the first one counts.
   */
  end(reason: RejectionReason | undefined): RejectionReason | typeof EXCLUDED | undefined {
    const fault = reason ?? this.#endValues();
    if (!fault && this.#judge?.isExcluded(this.#parsed.status)) return EXCLUDED;
    if (!fault && this.#endpoints) this.#parsed.endpoint = this.#endpoints.of(this.#parsed.status);
    return this.#isWithoutCustomer ? 'missing_customer_id' : fault;
  }

  /** Ends what is known only behind the last field: the duration, and the customer of several places. */
  #endValues(): RejectionReason | undefined {
    if (this.#begin && this.#end) {
      const total = between(this.#begin, this.#end);
      if (!total || isOver(total, MAX_DURATION_US)) return 'invalid_duration';
      this.#total = total;
      this.#isWithoutDuration = false;
    }
    this.#parsed.durationUs = this.#isWithoutDuration ? -1 : Number(roundHalfUp(this.#total));
    return this.#hasSeveralPlaces ? this.#customer(this.#best) : undefined;
  }

  /** Reads a value whose bounds are known. @returns why the line is rejected; undefined where the value is right. */
  value(element: FieldElement, value: Value): RejectionReason | undefined {
    const { role } = element.field;
    const { text } = value;
    if (element.slot !== undefined) this.#note(element.slot, text ?? value.raw);
    if (role === 'skip') return undefined;
    if (role === 'customer_id') return this.#customerOfField(element, value);
    if (value.kind === 'unreadable') return REASON_OF[role];
    if (role === 'request' || role === 'request_path') return this.#path(element, value);
    if (text === undefined) return REASON_OF[role];
    if (element.field.role === 'timestamp' && element.field.part)
      return this.#half(element.field.kind, element.field.part, text);
    const end = this.selfEnding(element, text, 0, value.kind === 'number');
    return end === text.length ? undefined : REASON_OF[role];
  }

  #note(slot: number, text: string): void {
    this.#judge?.take(slot, text);
    this.#endpoints?.take(slot, text);
  }

  /** Reads half of a time. With the second half, in whichever order they stand, it reads the time. */
  #half(kind: TimestampKind, part: TimestampPart, text: string): RejectionReason | undefined {
    this.#halves[part] = text;
    const { date, time } = this.#halves;
    if (date === undefined || time === undefined) return undefined;
    const joined = `${date}${jointOf(kind)}${time}`;
    const read = readTimestamp(joined, 0, kind, this.#settings.logZone, false);
    if (read?.end !== joined.length) return 'invalid_timestamp';
    this.#parsed.eventTimeMs = read.value.ms;
    return undefined;
  }

  /**
   * Reads a timestamp, beginning, end, status or duration at `from`.
   * @param isJsonNumber true where it may have an exponent.
   * @returns the position behind it; −1 where there is none.
   */
  selfEnding(element: FieldElement, text: string, from: number, isJsonNumber = false): number {
    const { role } = element.field;
    if (role === 'timestamp' || role === 'begin' || role === 'end')
      return this.#time(element, element.field, text, from, isJsonNumber);
    if (role === 'status') return this.#status(text, from);
    return this.#duration(element as DurationElement, text, from, isJsonNumber);
  }

  #time(
    { isOptional }: FieldElement,
    { role, kind }: TimeField,
    text: string,
    from: number,
    isJsonNumber: boolean,
  ): number {
    const read = readTimestamp(text, from, kind, this.#settings.logZone, isJsonNumber);
    if (!read) return isOptional ? from + (text[from] === '-' ? 1 : 0) : -1;
    if (role === 'begin') this.#begin = read.value;
    if (role === 'end') this.#end = read.value;
    if (role === 'timestamp' || (role === 'begin' && !this.#hasTimestamp))
      this.#parsed.eventTimeMs = read.value.ms;
    return read.end;
  }

  #status(text: string, from: number): number {
    const status = matchAt(STATUS, text, from)?.[0];
    if (status === undefined) return -1;
    this.#parsed.status = Math.max(Number(status), NO_RESPONSE);
    return from + status.length;
  }

  #duration(element: DurationElement, text: string, from: number, isJsonNumber: boolean): number {
    const read = readDuration(text, from, element, isJsonNumber);
    if (!read || !(read.value || element.isOptional)) return -1;
    if (read.value) this.#total = sum(this.#total, read.value);
    else this.#isWithoutDuration = true;
    // Checked before rounding: even a part of a microsecond over the bound is over it.
    return isOver(this.#total, MAX_DURATION_US) ? -1 : read.end;
  }

  #path(element: FieldElement, { raw, text }: Value): RejectionReason | undefined {
    const isAbsent = isMissing(element, text);
    if (element.field.role === 'request_path' && !isAbsent && CONTROL.test(raw))
      return 'invalid_request_path';
    if (this.#pathPlaces.length > 0) return this.#customerOfPath(element, isAbsent ? '' : text);
    const isNeeded = element.field.role === 'request_path' && !element.isOptional;
    return isAbsent && isNeeded ? 'invalid_request_path' : undefined;
  }

  #customerOfField(element: FieldElement, { text }: Value): RejectionReason | undefined {
    const id = isMissing(element, text) ? '' : text;
    for (const place of placesIn(element.field)) {
      if (place.rank >= this.#bestRank) continue;
      const reason = this.#found(place, id && this.#takeIds.get(place)?.(id));
      if (reason) return reason;
    }
    return undefined;
  }

  #customerOfPath({ field }: FieldElement, text: string | undefined): RejectionReason | undefined {
    const target = text && field.role === 'request' ? targetOf(text) : text;
    for (const { place, template, takeId } of this.#pathPlaces) {
      if (place.rank >= this.#bestRank) continue;
      const id = target === undefined ? undefined : percentDecoded(captured(template, target) ?? '');
      const reason = this.#found(place, id && takeId(id));
      if (reason) return reason;
    }
    return undefined;
  }

  /**
   * Takes what was found in a place. Of several places, the first that has a value counts, even where its value cannot be
   * read: a later place could be another customer.
   */
  #found({ rank }: CustomerPlace, id: string | undefined): RejectionReason | undefined {
    if (!this.#hasSeveralPlaces) return this.#customer(id);
    if (id === '') return undefined;
    this.#bestRank = rank;
    this.#best = id;
    return undefined;
  }

  /** @param id undefined where it cannot be read; empty where there is none. */
  #customer(id: string | undefined): RejectionReason | undefined {
    const bytes = id === '' ? this.#fallbackId : id && customerIdOf(id);
    if (id === '' && !bytes && this.#judge) {
      // The rest of the line is read first, because health checks have no customer.
      this.#isWithoutCustomer = true;
      return undefined;
    }
    if (!bytes) return id === '' ? 'missing_customer_id' : 'invalid_customer_id';
    this.#parsed.customerId = id === '' ? bytes : this.#idOf(bytes);
    return undefined;
  }

  #idOf(bytes: Uint8Array): Uint8Array {
    if (this.#idOfAlias.size === 0) return bytes;
    return this.#idOfAlias.get(byteText(bytes, 0, bytes.length)) ?? bytes;
  }
}

interface PathPlace {
  readonly place: CustomerPathPlace;
  readonly template: PathTemplate;
  readonly takeId: TakeId;
}

function pathPlaceOf(place: CustomerPathPlace): PathPlace {
  return { place, template: parsePathTemplate(place.template), takeId: takeIdBy(place.steps) };
}

/** The path or URL of a request. Empty where there is none, or where nobody can tell where it ends. */
function targetOf(request: string): string {
  const target = REQUEST.exec(request)?.[1] ?? '';
  return PROTOCOL_INSIDE.test(target) ? '' : target;
}

/** True where the text means that there is no value. Apache writes `""` for an empty user. */
export function isMissing({ field, isOptional }: FieldElement, text: string | undefined): boolean {
  return text === '' || (isOptional && (text === '-' || (text === '""' && field.role === 'customer_id')));
}
