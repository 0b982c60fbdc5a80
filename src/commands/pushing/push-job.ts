import { randomInt } from 'node:crypto';
import type { ReceivedPush } from '../../api/push/receiver.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import {
  MAX_OTLP_OBJECTS,
  MAX_PUSH_BYTES,
  PUSH_FORGET_INTERVAL_MS,
  PUSH_STATE_BYTES,
  PUSHES_FORGOTTEN_AT_ONCE,
} from '../../limits.ts';
import { aliasText, type CustomerTable } from '../../log-format/customer-table.ts';
import { resolveLogFormat } from '../../log-format/format-string/customer.ts';
import { parseLogFormat } from '../../log-format/format-string/parse.ts';
import { otlpFormat } from '../../log-format/otlp/otlp-format.ts';
import { NotOtlp, type OtlpRecords, otlpLines } from '../../log-format/otlp/otlp-lines.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import { undefinedIfStopped } from '../../pipeline/loop/outages.ts';
import { encodeReadingSettings } from '../../pipeline/loop/reading-settings.ts';
import { Pusher, type PushScan } from '../../pipeline/push/pusher.ts';
import type { Pushed } from '../../pipeline/push/types.ts';
import { budgetOf, SplitScanner } from '../../pipeline/scan/split-scanner.ts';
import { decodedBody, type PushEncoding } from '../../source/push/push-body.ts';
import type { Store } from '../../store/contract.ts';
import type { ZoneTable } from '../../window/types.ts';
import { polledCustomersFile } from '../ingesting/customers-file.ts';
import { OF_THIS_PROCESS, pipelineSettings } from '../ingesting/ingest-job.ts';
import { outagesOf } from '../ingesting/report-outages.ts';
import { scanSettingsOf, scanSettingsWith } from '../ingesting/scan-settings.ts';
import { zoneTableOf } from '../ingesting/zones.ts';
import type { PolledFiles } from '../serving/polled-files.ts';
import { openStoreToWrite } from '../stores/open.ts';
import { withConfirmedRetention } from '../stores/retention-consent.ts';

/** Who hears of what is no answer to a push. */
export interface PushEvents {
  /** The database is away, and waited for. */
  waiting(error: DaymarkError): void;
  /** A file of customers that cannot be used. */
  problem(error: DaymarkError): void;
}

type Form = 'lines' | 'otlp';

/** How lines of a form are to be understood, and the scanner for it, which is made when the first ones come. */
interface FormScan {
  readonly settings: Settings;
  scan: ScanSettings;
  made: PushScan | undefined;
}

/** Reads and commits what clients hand in, one push after the other. */
export class PushJob {
  readonly #store: Store;
  readonly #dayZone: ZoneTable;
  readonly #settings: Settings;
  readonly #forms: Readonly<Record<Form, FormScan>>;
  readonly #pusher: Pusher;
  readonly #customers: PolledFiles<CustomerTable> | undefined;
  readonly #timer: NodeJS.Timeout;
  #isForgetting = false;

  private constructor(
    store: Store,
    settings: Settings,
    dayZone: ZoneTable,
    forms: Readonly<Record<Form, FormScan>>,
    events: PushEvents,
  ) {
    this.#store = store;
    this.#settings = settings;
    this.#dayZone = dayZone;
    this.#forms = forms;
    const eventTime = pipelineSettings(settings, forms.lines.scan, true).eventTime;
    this.#pusher = new Pusher({
      store,
      dayZone,
      eventTime,
      ...OF_THIS_PROCESS,
      randomBelow: (bound) => randomInt(bound),
    });
    this.#customers =
      settings.CUSTOMERS_FILE === undefined
        ? undefined
        : polledCustomersFile(settings.CUSTOMERS_FILE, events.problem);
    this.#timer = setInterval(() => void this.#forget(), PUSH_FORGET_INTERVAL_MS).unref();
  }

  /**
   * Opens the database to write, and waits for it.
   * @returns undefined where it was stopped before. @throws {DaymarkError} what waiting does not mend: settings, rights, schema.
   */
  static async open(given: Settings, stop: AbortSignal, events: PushEvents): Promise<PushJob | undefined> {
    const forms = { lines: await formOfLines(given), otlp: await formOfOtlp(given) };
    const outages = outagesOf(
      given,
      Number.POSITIVE_INFINITY,
      { waiting: ({ error }) => events.waiting(error), recovered: () => undefined },
      stop,
    );
    const opened = await outages.retry(() => openedToPush(given, stop)).catch(undefinedIfStopped);
    if (!opened) return undefined;
    const { store, settings } = opened;
    const { RETENTION_DAYS } = settings;
    const inForce = (form: FormScan): FormScan => ({
      ...form,
      settings: { ...form.settings, RETENTION_DAYS },
    });
    return new PushJob(
      store,
      settings,
      await zoneTableOf(settings.TIME_ZONE),
      { lines: inForce(forms.lines), otlp: inForce(forms.otlp) },
      events,
    );
  }

  /** @throws {DaymarkError} PUSH_*; STORE_*. */
  async push({
    form,
    scope,
    idempotencyKey,
    name,
    customers,
    body,
    encoding,
  }: ReceivedPush): Promise<Pushed> {
    const content = decodedBody(body, encoding as PushEncoding);
    const print = fingerprintOf(content);
    const key = { scope, key: idempotencyKey ?? `content ${print}` };
    const bytes = form === 'otlp' ? linesOf(content, this.#settings) : content;
    const isOfLines = form === 'lines' || this.#settings.OTLP_RECORDS === 'body';
    const as = isOfLines ? 'lines' : 'otlp';
    const scan = this.#scanOf(as);
    const aliases = this.#forms[as].scan.aliases;
    const own = customers.length === 0 ? undefined : new Set(customers.map((id) => aliases?.get(id) ?? id));
    const lines = { key, name, bytes, customers: own, fingerprint: `${form} ${print}` };
    return this.#pusher.push(lines, scan);
  }

  #scanOf(form: Form): PushScan {
    const of = this.#forms[form];
    const table = this.#customers?.value;
    if (table && table.aliases !== of.scan.aliases) {
      if (aliasText(table) !== aliasText({ aliases: of.scan.aliases ?? new Map() })) of.made = undefined;
      of.scan = { ...of.scan, aliases: table.aliases };
    }
    of.made ??= this.#newScan(of);
    return of.made;
  }

  #newScan({ scan, settings }: FormScan): PushScan {
    const { eventTime, kept, readingSettings } = pipelineSettings(settings, scan, true);
    const budget = budgetOf(Math.min(PUSH_STATE_BYTES, settings.WINDOW_STATE_BYTES), 1);
    const task = { scan, dayZone: this.#dayZone, kept, eventTime, budget };
    return {
      scanner: new SplitScanner(task, OF_THIS_PROCESS.systemTimeMs),
      readingSettings: encodeReadingSettings(readingSettings),
      hasHeader: scan.format.layout === 'delimited',
    };
  }

  /** Forgets keys that nobody retries any more. Where the database is away, the next turn does it. */
  async #forget(): Promise<void> {
    if (this.#isForgetting) return;
    this.#isForgetting = true;
    try {
      let forgotten: number;
      do forgotten = await forgetOld(this.#store, this.#settings);
      while (forgotten === PUSHES_FORGOTTEN_AT_ONCE);
    } catch {
      // What is wrong with the database, the next push is told.
    } finally {
      this.#isForgetting = false;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#store.close();
  }
}

/**
 * A user who may only read is refused here, and not with the first push.
 * @returns also the settings with the retention that is in force. Whoever deletes days says why none is.
 */
async function openedToPush(given: Settings, stop: AbortSignal) {
  const store = await openStoreToWrite(given, stop);
  try {
    await forgetOld(store, given);
    return { store, settings: await withConfirmedRetention(store, given, () => undefined, false) };
  } catch (error) {
    await store.close();
    if (!(error instanceof DaymarkError && error.code === 'STORE_REFUSED')) throw error;
    const detail = `PUSH is on, but this user may not write to the database. ${error.message}`;
    throw new DaymarkError('STORE_REFUSED', detail, { cause: error });
  }
}

function forgetOld(store: Store, { PUSH_KEY_DURATION: keptMs }: Settings): Promise<number> {
  return store.pushes.forgetBefore(OF_THIS_PROCESS.systemTimeMs() - keptMs, PUSHES_FORGOTTEN_AT_ONCE);
}

async function formOfLines(settings: Settings): Promise<FormScan> {
  return { settings, scan: await scanSettingsOf(settings), made: undefined };
}

/** Attributes are no lines: they have no wrapper, and name the customer themselves. */
async function formOfOtlp(given: Settings): Promise<FormScan> {
  const format = otlpFormat(given.OTLP_DURATION_UNIT);
  const settings = { ...given, LOG_FORMAT: format, LOG_WRAPPER: 'none', CUSTOMER_ID: undefined } as Settings;
  return {
    settings,
    scan: await scanSettingsWith(resolveLogFormat(parseLogFormat(format), undefined), settings),
    made: undefined,
  };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Characters of lines that are kept as text. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * Each record has the attributes of its resource again, so short content may have very long lines.
 * @throws {DaymarkError} PUSH_UNREADABLE, PUSH_TOO_LARGE.
 */
function linesOf(content: Uint8Array, settings: Settings): Uint8Array {
  const parts = {
    records: settings.OTLP_RECORDS as OtlpRecords,
    customerAttribute: settings.OTLP_CUSTOMER_ATTRIBUTE,
    durationAttribute: settings.OTLP_DURATION_ATTRIBUTE,
  };
  if (objectsIn(content) > MAX_OTLP_OBJECTS)
    throw new DaymarkError('PUSH_TOO_LARGE', `The body has more than ${MAX_OTLP_OBJECTS} objects and lists.`);
  try {
    const pieces = new Pieces();
    for (const line of otlpLines(textOf(content), parts)) pieces.add(`${line}\n`);
    return pieces.take();
  } catch (error) {
    if (!(error instanceof NotOtlp)) throw error;
    const detail = `The body is no request of OTLP in JSON: ${error.message}.`;
    throw new DaymarkError('PUSH_UNREADABLE', detail, { cause: error });
  }
}

/** At most how many objects and lists are in JSON: those characters in texts count, too. */
function objectsIn(content: Uint8Array): number {
  let objects = 0;
  for (let i = 0; i < content.length; i++) if (content[i] === 0x7b || content[i] === 0x5b) objects++;
  return objects;
}

function textOf(content: Uint8Array): string {
  try {
    return UTF8.decode(content);
  } catch {
    throw new NotOtlp('it is no UTF-8');
  }
}

/** Puts text together, up to MAX_PUSH_BYTES. */
class Pieces {
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #text = '';

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE_CHARACTERS) this.#end();
  }

  #end(): void {
    const piece = Buffer.from(this.#text);
    this.#text = '';
    this.#bytes += piece.length;
    if (this.#bytes > MAX_PUSH_BYTES)
      throw new DaymarkError(
        'PUSH_TOO_LARGE',
        `As lines, the records have more than ${MAX_PUSH_BYTES} bytes.`,
      );
    this.#pieces.push(piece);
  }

  take(): Buffer {
    this.#end();
    return Buffer.concat(this.#pieces);
  }
}
