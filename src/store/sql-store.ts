import type { Transaction } from 'kysely';
import { bug } from '../errors.ts';
import { Checkpoints } from './checkpoints.ts';
import type {
  Checkpoint,
  ChoosePartitions,
  Commit,
  DailyStatsQuery,
  DailyStatsRow,
  DayCount,
  DayRange,
  PartitionLedger,
  RejectedLine,
  RejectedLinesQuery,
  Replacement,
  Store,
  StoredDay,
} from './contract.ts';
import type { StoreDialect } from './dialect.ts';
import { FinalDays } from './final-days.ts';
import { Ledgers } from './ledgers.ts';
import { OldDays } from './old-days.ts';
import { Replacements } from './replacement.ts';
import { RetentionConsent } from './retention-consent.ts';
import { checkSchema, migrate } from './schema.ts';
import type { Tables } from './tables.ts';
import { TimeZone } from './time-zone.ts';
import { Windows } from './windows.ts';

/** The store, over any database that has a dialect. */
export class SqlStore implements Store {
  readonly description: string;
  readonly #dialect: StoreDialect;
  readonly #timeZone: TimeZone;
  readonly #checkpoints: Checkpoints;
  readonly #windows: Windows;
  readonly #finalDays: FinalDays;
  readonly #ledgers: Ledgers;
  readonly #oldDays: OldDays;
  readonly #retentionConsent: RetentionConsent;
  readonly #replacements: Replacements;

  constructor(dialect: StoreDialect) {
    this.description = dialect.description;
    this.#dialect = dialect;
    this.#timeZone = new TimeZone(dialect);
    this.#checkpoints = new Checkpoints(dialect);
    this.#windows = new Windows(dialect);
    this.#finalDays = new FinalDays(dialect);
    this.#ledgers = new Ledgers(dialect);
    this.#oldDays = new OldDays(dialect);
    this.#retentionConsent = new RetentionConsent(dialect.db);
    this.#replacements = new Replacements(dialect);
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

  checkpoints(): Promise<readonly Checkpoint[]> {
    return this.#checkpoints.all(this.#dialect.db);
  }

  changePartitions(choose: ChoosePartitions): Promise<void> {
    return this.#transact(async (transaction) => {
      await this.#dialect.lockCheckpoints(transaction);
      const known = await this.#checkpoints.all(transaction);
      const { added, retired } = await choose(known);
      const twice = added.find(({ id }) => known.some((checkpoint) => checkpoint.id === id));
      if (twice !== undefined) throw bug(`partition ${twice.id} is known already`);
      await this.#checkpoints.retire(transaction, retired);
      await this.#checkpoints.add(transaction, added);
    });
  }

  commit(batch: Commit): Promise<void> {
    return this.#transact(async (transaction) => {
      // The checkpoints come first: the loser of a race waits here, before it has read or locked anything else.
      await this.#checkpoints.advance(transaction, batch.advances);
      await this.#timeZone.claim(transaction, batch.timeZone);
      const finalThrough = await this.#finalDays.through(transaction);
      await this.#windows.add(transaction, batch.deltas, { finalThrough, nowMs: batch.finality?.nowMs ?? 0 });
      if (batch.finality) await this.#finalDays.add(transaction, batch.finality, finalThrough);
    });
  }

  dailyStats(query: DailyStatsQuery): Promise<readonly DailyStatsRow[]> {
    return this.#windows.served(query, () => this.#timeZone.table());
  }

  ledger(): Promise<readonly PartitionLedger[]> {
    return this.#ledgers.all();
  }

  rejectedLines(query: RejectedLinesQuery): Promise<readonly RejectedLine[]> {
    return this.#ledgers.rejectedLines(query);
  }

  daysBefore(date: string): Promise<DayCount> {
    return this.#oldDays.countBefore(date);
  }

  retentionConsentDays(): Promise<number | undefined> {
    return this.#retentionConsent.days();
  }

  consentToRetention(days: number): Promise<void> {
    return this.#retentionConsent.consent(days);
  }

  deleteDaysBefore(date: string, signal: AbortSignal): Promise<number> {
    return this.#oldDays.deleteBefore(date, signal);
  }

  storedDays(range: DayRange): AsyncIterable<StoredDay> {
    return this.#replacements.storedDays(range);
  }

  replace(replacement: Replacement): Promise<void> {
    return this.#transact(async (transaction) => {
      await this.#dialect.lockCheckpoints(transaction);
      const ledgers = await replacement.prepare(await this.#checkpoints.all(transaction));
      await this.#replacements.replaceDays(transaction, replacement);
      if (replacement.isDryRun) return;
      await this.#replacements.replaceLedgers(transaction, ledgers, replacement.source);
    });
  }

  dataVersion(): Promise<string> {
    return this.#dialect.dataVersion();
  }

  close(): Promise<void> {
    return this.#dialect.close();
  }

  /**
   * Read committed, whatever the database's default is: each statement sees what was committed before it, so a
   * row that we waited for is read as the other left it. Stricter levels would fail there instead.
   */
  #transact(work: (transaction: Transaction<Tables>) => Promise<void>): Promise<void> {
    return this.#dialect.db.transaction().setIsolationLevel('read committed').execute(work);
  }
}
