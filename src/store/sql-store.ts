import type { Transaction } from 'kysely';
import { bug } from '../errors.ts';
import { type DayRange, WINDOW_KINDS, type WindowKind } from '../window/kind.ts';
import type {
  Advance,
  ApiKeys,
  CheckpointLookup,
  ChoosePartitions,
  Commit,
  DatabaseProduct,
  DayCount,
  Deltas,
  Leases,
  LedgerQuery,
  Links,
  PartitionLedger,
  PartitionReading,
  Pushes,
  RejectedLine,
  RejectedLinesQuery,
  Replacement,
  RunFile,
  ServedWindow,
  SigningKeys,
  SourceLedger,
  Store,
  StoredPartitionDay,
  StoredWindow,
  StoreSnapshot,
  StoreStatus,
  WindowDelta,
  WindowQuery,
} from './contract.ts';
import type { StoreDialect } from './dialect.ts';
import { StoredApiKeys } from './queries/api-keys.ts';
import { type BulkLoad, BulkLoads } from './queries/bulk-load.ts';
import { Checkpoints } from './queries/checkpoints.ts';
import { CustomerTotals } from './queries/customer-totals.ts';
import { DayChanges, sourcesByDate } from './queries/day-changes.ts';
import { EndpointCustomers } from './queries/endpoint-customers.ts';
import { FinalSpans } from './queries/final-spans.ts';
import { StoredLeases } from './queries/leases.ts';
import { LedgerReplacements } from './queries/ledger-replacement.ts';
import { Ledgers } from './queries/ledgers.ts';
import { StoredLinks } from './queries/links.ts';
import { MergeableWindows } from './queries/mergeable-windows.ts';
import { OldWindows } from './queries/old-windows.ts';
import { PartialDays } from './queries/partial-days.ts';
import { PartitionDays } from './queries/partition-days.ts';
import { StoredPushes } from './queries/pushes.ts';
import { ReadingSettings } from './queries/reading-settings.ts';
import { Replacements } from './queries/replacement.ts';
import { RetentionConsent } from './queries/retention-consent.ts';
import { RollUpBuilder } from './queries/roll-up-builder.ts';
import { RollUps } from './queries/roll-ups.ts';
import { ServedWindows } from './queries/served-windows.ts';
import { StoredSigningKeys } from './queries/signing-keys.ts';
import { Status } from './queries/status.ts';
import { Subjects } from './queries/subjects.ts';
import { TimeZone } from './queries/time-zone.ts';
import { Windows } from './queries/windows.ts';
import { checkSchema, migrate } from './schema.ts';
import type { Tables } from './tables.ts';

function piecesOf(deltas: Deltas): AsyncIterable<Iterable<WindowDelta>> | Iterable<Iterable<WindowDelta>> {
  return Symbol.iterator in deltas ? [deltas] : deltas;
}

function datesOf(advances: readonly Advance[]): ReadonlySet<string> {
  return new Set(advances.flatMap(({ days }) => days.map(({ date }) => date)));
}

/** The store, over any database that has a dialect. */
export class SqlStore implements Store {
  readonly description: string;
  readonly product: DatabaseProduct;
  readonly checkpoints: CheckpointLookup;
  readonly apiKeys: ApiKeys;
  readonly links: Links;
  readonly pushes: Pushes;
  readonly signingKeys: SigningKeys;
  readonly leases: Leases;
  readonly openRunFile: (() => RunFile) | undefined;
  readonly #dialect: StoreDialect;
  readonly #pushes: StoredPushes;
  readonly #timeZone: TimeZone;
  readonly #checkpoints: Checkpoints;
  readonly #windows: Windows;
  readonly #bulkLoads: BulkLoads;
  readonly #served: ServedWindows;
  readonly #mergeable: MergeableWindows;
  readonly #subjects: Subjects;
  readonly #partialDays: PartialDays;
  readonly #rollUps: RollUps;
  readonly #customerTotals: CustomerTotals;
  readonly #endpointCustomers: EndpointCustomers;
  readonly #rollUpBuilder: RollUpBuilder;
  readonly #finalSpans: FinalSpans;
  readonly #ledgers: Ledgers;
  readonly #status: Status;
  readonly #oldWindows: OldWindows;
  readonly #retentionConsent: RetentionConsent;
  readonly #replacements: Replacements;
  readonly #ledgerReplacements: LedgerReplacements;
  readonly #readingSettings: ReadingSettings;
  readonly #partitionDays: PartitionDays;
  readonly #dayChanges: DayChanges;

  /** @param kinds the kinds of windows that it holds. Its migrations have created their tables. */
  constructor(dialect: StoreDialect, kinds: readonly WindowKind[] = WINDOW_KINDS) {
    this.description = dialect.description;
    this.product = dialect.product;
    this.openRunFile = dialect.openRunFile;
    this.#dialect = dialect;
    this.#timeZone = new TimeZone(dialect);
    this.#checkpoints = new Checkpoints(dialect);
    this.checkpoints = this.#checkpoints.lookup(dialect.db);
    this.apiKeys = new StoredApiKeys(dialect);
    this.links = new StoredLinks(dialect);
    this.#pushes = new StoredPushes(dialect);
    this.pushes = this.#pushes;
    this.signingKeys = new StoredSigningKeys(dialect);
    this.leases = new StoredLeases(dialect);
    this.#windows = new Windows(dialect, kinds);
    this.#served = new ServedWindows(dialect, this.#timeZone, kinds);
    this.#mergeable = new MergeableWindows(dialect.db, kinds);
    this.#subjects = new Subjects(dialect.db);
    this.#partialDays = new PartialDays(dialect.db);
    this.#rollUps = new RollUps(dialect);
    this.#customerTotals = new CustomerTotals(dialect, this.#rollUps);
    this.#endpointCustomers = new EndpointCustomers(dialect.db);
    this.#rollUpBuilder = new RollUpBuilder(dialect, this.#customerTotals);
    this.#finalSpans = new FinalSpans(dialect, kinds);
    this.#bulkLoads = new BulkLoads(dialect, kinds, this.#finalSpans);
    this.#ledgers = new Ledgers(dialect);
    this.#status = new Status(dialect, this.#timeZone, this.#finalSpans);
    this.#oldWindows = new OldWindows(dialect, this.#timeZone, this.#rollUps, kinds);
    this.#retentionConsent = new RetentionConsent(dialect.db);
    this.#replacements = new Replacements(dialect, this.#timeZone, kinds);
    this.#ledgerReplacements = new LedgerReplacements(dialect);
    this.#readingSettings = new ReadingSettings(dialect);
    this.#partitionDays = new PartitionDays(dialect);
    this.#dayChanges = new DayChanges(dialect);
  }

  migrate(): Promise<readonly string[]> {
    return migrate(this.#dialect);
  }

  checkSchema(): Promise<void> {
    return checkSchema(this.#dialect);
  }

  checkTimeZone(zone: string): Promise<void> {
    return this.#timeZone.check(zone);
  }

  addPartitions(choose: ChoosePartitions): Promise<void> {
    // All that it looks up is of one moment: commits go on meanwhile.
    return this.#transact('repeatable read', async (transaction) => {
      await this.#dialect.lockPartitions(transaction);
      const lookup = this.#checkpoints.lookup(transaction);
      const added = await choose(lookup);
      const [twice] = await lookup.byIds(added.map(({ id }) => id));
      if (twice !== undefined) throw bug(`partition ${twice.id} is known already`);
      await this.#checkpoints.add(transaction, added);
    });
  }

  async commit(batch: Commit): Promise<void> {
    const load = await this.#bulkLoads.prepare(batch);
    try {
      await this.#transact('read committed', (transaction) => this.#commitIn(transaction, batch, load));
    } finally {
      await load?.close();
    }
  }

  async #commitIn(
    transaction: Transaction<Tables>,
    batch: Commit,
    load: BulkLoad | undefined,
  ): Promise<void> {
    // The key of a push, and then the checkpoints: the loser of a race waits here, before it has read or locked anything else.
    if (batch.push) await this.#pushes.add(transaction, batch.push);
    await this.#checkpoints.advance(transaction, batch.advances, batch.host);
    await this.#partitionDays.add(transaction, batch.advances);
    await this.#timeZone.check(batch.timeZone, transaction);
    const finalThrough = await this.#finalSpans.through(transaction);
    const nowMs = batch.finality?.nowMs ?? 0;
    const moment = { finalThrough, nowMs, sources: sourcesByDate(batch.advances) };
    // Others could write windows meanwhile where there are several writers.
    const areVeryMany = this.#dialect.hasOneWriter && Symbol.asyncIterator in batch.deltas;
    const addition = this.#windows.begin(transaction, moment, areVeryMany);
    const loaded = (await load?.copy(transaction)) ? load : undefined;
    for await (const piece of loaded?.rest() ?? piecesOf(batch.deltas)) await addition.add(piece);
    const { ofCustomers, ofAll } = addition.dates;
    // What is loaded has a day of a customer for each day that a line is of.
    const dates = loaded ? datesOf(batch.advances) : ofCustomers;
    await this.#partialDays.note(transaction, dates, ofAll);
    await this.#rollUps.forget(transaction, dates);
    await loaded?.rollUp(transaction);
    // Nearly at the end: whoever stores the same zone and settings for the first time, too, waits for these rows until our commit.
    await this.#readingSettings.note(transaction, batch.advances, batch.readingSettings);
    await this.#timeZone.claim(transaction, batch.timeZone);
    if (batch.finality) await this.#finalSpans.add(transaction, batch.finality, finalThrough);
    this.#bulkLoads.noteChange();
  }

  nameSource(partitionIds: readonly string[], sourceName: string): Promise<void> {
    return this.#transact('read committed', (transaction) =>
      this.#checkpoints.nameSource(transaction, partitionIds, sourceName),
    );
  }

  readOtherwise(settings: string, partitionIds: readonly string[]): Promise<readonly PartitionReading[]> {
    return this.#readingSettings.readOtherwise(settings, partitionIds);
  }

  windows(query: WindowQuery): Promise<readonly ServedWindow[]> {
    return this.#served.read(query);
  }

  windowPages(query: WindowQuery): AsyncIterable<readonly ServedWindow[]> {
    return this.#served.pages(query);
  }

  async readSnapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T> {
    const { db, close } = await this.#dialect.openSnapshot();
    try {
      return await read({
        customers: this.#customerTotals.of(db),
        customersOf: (endpoint) => this.#endpointCustomers.of(db, endpoint),
        zone: () => this.#timeZone.tableOrNone(db),
        mergeableWindows: (query) => this.#mergeable.pages(db, query),
        finalSpans: (granularity, from) => this.#finalSpans.from(db, granularity, from),
        partialDays: (range) => this.#partialDays.of(db, range),
        subjectsFrom: (kind, text, limit) => this.#subjects.from(db, kind, text, limit),
        daySources: (query) => this.#partitionDays.sources(db, query),
        dayLines: (date) => this.#partitionDays.counts(db, date),
        dayChanges: (query) => this.#dayChanges.read(db, query),
      });
    } finally {
      await close();
    }
  }

  ledger(): Promise<readonly PartitionLedger[]> {
    return this.#ledgers.all();
  }

  ledgerPage(query: LedgerQuery): Promise<readonly SourceLedger[]> {
    return this.#ledgers.page(query);
  }

  status(): Promise<StoreStatus> {
    return this.#status.read();
  }

  sizeBytes(): Promise<number> {
    return this.#dialect.sizeBytes();
  }

  rejectedLines(query: RejectedLinesQuery): Promise<readonly RejectedLine[]> {
    return this.#ledgers.rejectedLines(query);
  }

  daysBefore(date: string): Promise<DayCount> {
    return this.#oldWindows.countBefore(date);
  }

  retentionConsentDays(): Promise<number | undefined> {
    return this.#retentionConsent.days();
  }

  consentToRetention(days: number): Promise<void> {
    return this.#retentionConsent.consent(days);
  }

  async deleteDaysBefore(date: string, signal: AbortSignal): Promise<number> {
    const deleted = await this.#bulkLoads.during(() => this.#oldWindows.deleteBefore(date, signal));
    if (!signal.aborted) await this.#partialDays.forgetBefore(date);
    return deleted;
  }

  lastEventMs(): Promise<number | null> {
    return this.#finalSpans.lastEventMs();
  }

  deleteHoursBefore(date: string, signal: AbortSignal): Promise<number> {
    return this.#bulkLoads.during(() => this.#oldWindows.deleteHoursBefore(date, signal));
  }

  rollUp(range: DayRange, limit: number, signal: AbortSignal): Promise<number> {
    return this.#rollUpBuilder.build(range, limit, signal);
  }

  storedWindows(kind: WindowKind, range: DayRange): AsyncIterable<StoredWindow> {
    return this.#replacements.storedWindows(kind, range);
  }

  partitionDays(range: DayRange): AsyncIterable<readonly StoredPartitionDay[]> {
    return this.#partitionDays.pages(range);
  }

  replace(replacement: Replacement): Promise<void> {
    return this.#transact('read committed', async (transaction) => {
      this.#bulkLoads.noteChange();
      await this.#dialect.lockCheckpoints(transaction);
      const ledgers = await replacement.prepare(await this.#checkpoints.lookup(transaction).all());
      const finalThrough = await this.#finalSpans.through(transaction);
      const dates = await this.#replacements.replace(transaction, replacement, finalThrough);
      if (replacement.isDryRun) return;
      const { range, source } = replacement;
      await this.#partitionDays.replace(transaction, range, source.partitionDays(range));
      await this.#partialDays.renew(transaction, replacement.range);
      await this.#rollUps.forget(transaction, dates);
      await this.#ledgerReplacements.replace(transaction, ledgers, replacement.source);
      const { readingSettings } = replacement;
      if (readingSettings !== undefined)
        await this.#readingSettings.set(transaction, ledgers, readingSettings);
    });
  }

  dataVersion(): Promise<string> {
    return this.#dialect.dataVersion();
  }

  close(): Promise<void> {
    return this.#dialect.close();
  }

  /**
   * @param isolation whatever the database's default is. What changes rows is read committed: each statement sees what was committed
   * before it, so a row that we waited for is read as the other transaction left it. Stricter levels would fail there instead.
   */
  #transact(
    isolation: 'read committed' | 'repeatable read',
    work: (transaction: Transaction<Tables>) => Promise<void>,
  ): Promise<void> {
    return this.#dialect.db.transaction().setIsolationLevel(isolation).execute(work);
  }
}
