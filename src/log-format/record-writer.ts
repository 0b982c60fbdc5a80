import type { Kernel } from '../kernel/kernel.ts';
import { RECORD_BATCH_ROWS } from '../limits.ts';
import { compileProgram, type ProgramSource } from './compile/compiler.ts';
import { compileEndpointTree } from './compile/endpoint-tree.ts';
import { compileZone } from './compile/zone-spans.ts';
import { withEndpointFields } from './endpoints/endpoint-fields.ts';
import type { EndpointTemplate } from './endpoints/types.ts';
import { columnsOf } from './reference/delimited.ts';
import { referenceParser } from './reference/reference-parser.ts';
import type {
  CustomerEndpoint,
  EXCLUDED,
  HeaderColumns,
  LineParser,
  ParsedLine,
  RecordBatch,
  RejectionReason,
  ScanSettings,
} from './types.ts';
import { innerHead } from './wrapper/wrapped-lines.ts';

/**
 * Reads lines with the reference parser, and writes their records into the batch that the kernel fills, too. It tells the
 * kernel all that the kernel must know to read the other lines in the same way: the format, its columns, the zone, the
 * bounds of event times, and the customers.
 */
export class RecordWriter {
  readonly batch: RecordBatch;
  readonly #kernel: Kernel;
  readonly #memory: Uint8Array;
  readonly #settings: ScanSettings;
  readonly #source: ProgramSource;
  readonly #aliases: readonly (readonly [alias: Uint8Array, id: Uint8Array])[];
  readonly #parser: LineParser;
  readonly #parsed: ParsedLine = { eventTimeMs: 0, customerId: new Uint8Array(), status: 0, durationUs: -1 };
  /** Those that the kernel reads by, where the log names them again and again. */
  #columns: HeaderColumns | undefined;
  #customerIds: string[] = [];
  /** By number; null where it is that of a customer. */
  #customerEndpoints: (CustomerEndpoint | null)[] = [];
  /** By number. */
  #endpointTexts: string[] = [];
  /** The customer for whom lines without a customer id count. */
  #missingCustomer: number | undefined;
  /** What the kernel does with such lines now. */
  #missingSet: number | undefined;
  #leastMs = Number.NEGATIVE_INFINITY;
  #greatestMs = Number.POSITIVE_INFINITY;

  constructor(settings: ScanSettings, kernel: Kernel) {
    this.#settings = settings;
    this.#aliases = [...(settings.aliases ?? [])].map(([alias, id]) => [Buffer.from(alias), Buffer.from(id)]);
    this.#parser = referenceParser(settings);
    this.#kernel = kernel;
    this.#memory = new Uint8Array(kernel.buffer);
    this.#source = this.#sourceOf(settings);
    const hasEndpoints = this.#source.endpoints !== undefined;
    kernel.setEndpoints(hasEndpoints);
    this.batch = batchIn(kernel, hasEndpoints);
    const zone = compileZone(settings.logZone, kernel.MAX_ZONE_SPANS.value);
    this.#memory.set(zone, kernel.ZONE.value);
    kernel.setZoneSpans(zone.length / kernel.ZONE_SPAN_BYTES.value);
    this.#load(undefined);
    this.forgetCustomers();
  }

  /** The settings with the format that endpoints need. */
  #sourceOf({ format, rules, wrapper, endpoints: settings }: ScanSettings): ProgramSource {
    const { format: marked, fields } = withEndpointFields(format);
    if (!settings || !fields) return { format, rules, wrapper };
    const tree = settings.kind === 'auto' ? 0 : this.#loadTemplates(settings.templates);
    return { format: marked, rules, wrapper, endpoints: { settings, fields, tree } };
  }

  /** @returns where the kernel finds the templates; undefined where there is no room for them. */
  #loadTemplates(templates: readonly EndpointTemplate[]): number | undefined {
    const { ENDPOINT_TREE, ENDPOINT_TREE_BYTES } = this.#kernel;
    const tree = compileEndpointTree(templates, ENDPOINT_TREE.value);
    // The kernel reads up to 16 bytes behind a text.
    if (tree.length + 16 > ENDPOINT_TREE_BYTES.value) return undefined;
    this.#memory.set(tree, ENDPOINT_TREE.value);
    return ENDPOINT_TREE.value;
  }

  /** Compiles the format for the kernel. @param columns undefined where the lines have none, or unknown ones. */
  #load(columns: HeaderColumns | undefined): void {
    const { PROGRAM, PROGRAM_BYTES } = this.#kernel;
    const program = compileProgram(this.#source, columns, PROGRAM.value, PROGRAM_BYTES.value);
    this.#memory.set(program, PROGRAM.value);
  }

  /** @param head as of `Scanner.start`. @throws {DaymarkError} HEADER_MISSING. */
  startPartition(head: Uint8Array): void {
    const { format, wrapper } = this.#settings;
    if (format.layout === 'delimited') {
      const bareHead = innerHead(head, wrapper);
      this.#parser.startPartition(bareHead);
      const { delimiter } = format;
      this.#load({ names: columnsOf(bareHead, delimiter), delimiter, isOpenEnded: false });
    } else if (format.layout === 'w3c') {
      this.#parser.startPartition(head);
      this.#followHeader();
    }
  }

  /** Gives the kernel other columns where the last line named some. It must not read on with those from before. */
  #followHeader(): void {
    if (this.#parser.columns === this.#columns) return;
    this.#columns = this.#parser.columns;
    this.#load(this.#columns);
  }

  /** Passes over a line that is too long. @param beginning enough of it to tell a header. */
  passLongLine(beginning: Uint8Array): void {
    this.#parser.passLongLine(beginning);
    this.#followHeader();
  }

  /** As `Scanner.setTimeBounds`. */
  setTimeBounds(leastMs: number, greatestMs: number): void {
    if (leastMs === this.#leastMs && greatestMs === this.#greatestMs) return;
    this.#leastMs = leastMs;
    this.#greatestMs = greatestMs;
    this.#kernel.setTimeBounds(leastMs, greatestMs);
  }

  /**
   * Tells the kernel what to do with lines without a customer id.
   * @param isCounting true where they need no description, so that counting them is enough.
   */
  setMissingCustomer(isCounting: boolean): void {
    const { SKIPPED_LINE, NO_CUSTOMER } = this.#kernel;
    const customer = this.#missingCustomer ?? (isCounting ? SKIPPED_LINE : NO_CUSTOMER).value;
    if (customer !== this.#missingSet) this.#kernel.setMissingCustomer(customer);
    this.#missingSet = customer;
  }

  /**
   * Reads the line `[start, end)` of bytes.
   * @returns undefined where it is a record. Then {@link store} writes it into the batch.
   */
  read(bytes: Uint8Array, start: number, end: number): RejectionReason | typeof EXCLUDED | undefined {
    const reason = this.#parser.parse(bytes, start, end, this.#parsed) ?? this.#outOfBounds();
    this.#followHeader();
    return reason;
  }

  #outOfBounds(): RejectionReason | undefined {
    const { eventTimeMs } = this.#parsed;
    if (eventTimeMs < this.#leastMs) return 'event_too_old';
    return eventTimeMs > this.#greatestMs ? 'event_too_far_ahead' : undefined;
  }

  /**
   * Writes the record that was read last into the batch. @param begin where its line begins. @param end where the next one
   * does. @returns false where there is no room for its customer.
   */
  store(begin: number, end: number): boolean {
    const { eventTimeMs, customerId, status, durationUs, endpoint } = this.#parsed;
    const customer = this.#intern(customerId);
    if (customer < 0) return false;
    if (this.batch.endpoint) {
      const ofCustomer = this.#internEndpoint(customer, endpoint ?? '');
      if (ofCustomer < 0) return false;
      this.batch.endpoint[this.batch.rows] = ofCustomer;
    }
    const row = this.batch.rows++;
    this.batch.eventTimeMs[row] = eventTimeMs;
    this.batch.customer[row] = customer;
    this.batch.status[row] = status;
    this.batch.durationUs[row] = durationUs;
    this.batch.lineBegin[row] = begin;
    this.batch.lineEnd[row] = end;
    return true;
  }

  /** @returns the number of the customer; negative where there is no room for it. */
  #intern(id: Uint8Array): number {
    const { SCRATCH } = this.#kernel;
    const isInMemory = id.buffer === this.#memory.buffer;
    if (!isInMemory) this.#memory.set(id, SCRATCH.value);
    return this.#kernel.intern(isInMemory ? id.byteOffset : SCRATCH.value, id.length);
  }

  /** The same for the endpoint of a customer. Its key has the numbers of both. */
  #internEndpoint(customer: number, endpoint: string): number {
    const text = this.#intern(Buffer.from(`${TEXT_MARK}${endpoint}`, 'latin1'));
    if (text < 0) return text;
    const key = Buffer.alloc(PAIR_BYTES);
    key[0] = PAIR_MARK;
    key.writeUIntLE(customer, CUSTOMER_AT, 3);
    key.writeUInt32LE(text, TEXT_AT);
    return this.#intern(key);
  }

  /** As `Scanner.endpoint`. */
  endpoint(number: number): CustomerEndpoint | undefined {
    if (!this.batch.endpoint) return undefined;
    this.#customerEndpoints[number] ??= this.#decodeEndpoint(number) ?? null;
    return this.#customerEndpoints[number] ?? undefined;
  }

  #decodeEndpoint(number: number): CustomerEndpoint | undefined {
    const key = this.#key(number);
    if (key[0] !== PAIR_MARK) return undefined;
    return { customer: key.readUIntLE(CUSTOMER_AT, 3), text: this.#endpointText(key.readUInt32LE(TEXT_AT)) };
  }

  #endpointText(number: number): string {
    this.#endpointTexts[number] ??= this.#key(number).toString('latin1', TEXT_MARK.length);
    return this.#endpointTexts[number];
  }

  #key(number: number): Buffer {
    return Buffer.from(this.#memory.buffer, this.#kernel.keyAddress(number), this.#kernel.keyLength(number));
  }

  /** As `Scanner.customerId`. */
  customerId(customer: number): string {
    this.#customerIds[customer] ??= this.#decodeCustomerId(customer);
    return this.#customerIds[customer];
  }

  /** As `Scanner.writeCustomerId`. */
  writeCustomerId(customer: number, target: Uint8Array, at: number): number {
    const from = this.#kernel.keyAddress(customer);
    const length = this.#kernel.keyLength(customer);
    const bytes = this.#memory;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const byte = bytes[from + i];
      target[at + i] = byte;
      all |= byte;
    }
    // Bytes that are no UTF-8 have an id all the same, in which other characters stand for them.
    return all < 0x80 ? length : Buffer.from(this.customerId(customer)).copy(target, at);
  }

  #decodeCustomerId(customer: number): string {
    return this.#key(customer).toString('utf8');
  }

  /** As `Scanner.forgetCustomers`. */
  forgetCustomers(): void {
    this.#kernel.forgetCustomers();
    this.#customerIds = [];
    this.#customerEndpoints = [];
    this.#endpointTexts = [];
    const { missingCustomerId } = this.#settings;
    for (const [alias, id] of this.#aliases) this.#kernel.setAlias(this.#intern(alias), this.#intern(id));
    if (missingCustomerId !== undefined) this.#missingCustomer = this.#intern(Buffer.from(missingCustomerId));
  }
}

/* The keys of an endpoint's text and of the endpoint of a customer, as `kernel/assembly/scan/endpoints.ts` makes them. No UTF-8
 begins with such a byte. */
const TEXT_MARK = '\xfe';
const PAIR_MARK = 0xff;
const PAIR_BYTES = 8;
const CUSTOMER_AT = 1;
const TEXT_AT = 4;

/** The columns that the kernel fills. */
function batchIn(kernel: Kernel, hasEndpoints: boolean): RecordBatch {
  const { buffer } = kernel;
  return {
    rows: 0,
    eventTimeMs: new Float64Array(buffer, kernel.EVENT_TIMES.value, RECORD_BATCH_ROWS),
    customer: new Int32Array(buffer, kernel.CUSTOMERS.value, RECORD_BATCH_ROWS),
    status: new Int32Array(buffer, kernel.STATUSES.value, RECORD_BATCH_ROWS),
    durationUs: new Float64Array(buffer, kernel.DURATIONS.value, RECORD_BATCH_ROWS),
    lineBegin: new Float64Array(buffer, kernel.LINE_BEGINS.value, RECORD_BATCH_ROWS),
    lineEnd: new Float64Array(buffer, kernel.LINE_ENDS.value, RECORD_BATCH_ROWS),
    endpoint: hasEndpoints ? new Int32Array(buffer, kernel.ENDPOINTS.value, RECORD_BATCH_ROWS) : undefined,
  };
}
