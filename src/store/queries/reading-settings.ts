/**
 * The settings with which lines were read, as a text that the store only keeps. Each different text is stored once, and
 * each partition refers to the one with which its first lines were read. A partition that an earlier daymark read has none.
 */

import type { Kysely, Transaction } from 'kysely';
import { fingerprintOf } from '../../fingerprint.ts';
import { LOOKUP_KEYS_A_STATEMENT } from '../../limits.ts';
import type { Advance, PartitionReading } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { chunksOf, RowsStatement, Statement } from '../statement.ts';
import type { PartitionSettingsTable, ReadingSettingsTable, Tables } from '../tables.ts';

export class ReadingSettings {
  readonly #dialect: StoreDialect;
  readonly #select: Statement<string, Pick<ReadingSettingsTable, 'id'>>;
  readonly #insert: Statement<ReadingSettingsTable, unknown>;
  readonly #assign: RowsStatement<PartitionSettingsTable, unknown>;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#select = selectSettings(dialect.db);
    this.#insert = insertSettings(dialect.db);
    this.#assign = upsertPartitions(dialect.db);
  }

  /** Notes the settings for the partitions whose first lines are in a batch. */
  async note(
    transaction: Transaction<Tables>,
    advances: readonly Advance[],
    settings: string | undefined,
  ): Promise<void> {
    if (settings === undefined) return;
    const begun = advances.filter(({ isBeginning }) => isBeginning).map(({ partitionId }) => partitionId);
    await this.set(transaction, begun, settings);
  }

  /** Notes the settings for these partitions, and replaces what was noted before. */
  async set(
    transaction: Transaction<Tables>,
    partitionIds: readonly string[],
    settings: string,
  ): Promise<void> {
    if (partitionIds.length === 0) return;
    const id = idOf(settings);
    // We look first, because an insert would wait for another transaction that has inserted the same.
    const { rows } = await this.#select.run(transaction, id);
    if (rows.length === 0) await this.#insert.run(transaction, { id, settings });
    const partitions = partitionIds.map((partitionId) => ({ partition_id: partitionId, settings_id: id }));
    for (const chunk of chunksOf(partitions, this.#dialect.rowsPerStatement))
      await this.#assign.run(transaction, chunk);
  }

  /** As `Store.readOtherwise`. */
  async readOtherwise(settings: string, partitionIds: readonly string[]): Promise<PartitionReading[]> {
    const found: PartitionReading[] = [];
    for (const ids of chunksOf(partitionIds, LOOKUP_KEYS_A_STATEMENT))
      found.push(...(await this.#readOtherwise(settings, ids)));
    return found;
  }

  async #readOtherwise(settings: string, partitionIds: readonly string[]): Promise<PartitionReading[]> {
    const { db } = this.#dialect;
    const others = db
      .selectFrom('partition_settings')
      .innerJoin('reading_settings', 'reading_settings.id', 'settings_id')
      .where('partition_settings.partition_id', 'in', partitionIds)
      .where('settings_id', '!=', idOf(settings));
    const partitions = await others
      .select(['partition_settings.partition_id as partitionId', 'settings_id as settingsId'])
      .execute();
    if (partitions.length === 0) return [];
    const texts = await textsOf(db);
    const reasons = Map.groupBy(
      await others
        .innerJoin('rejection_counts', 'rejection_counts.partition_id', 'partition_settings.partition_id')
        .select(['partition_settings.partition_id as partitionId', 'reason'])
        .execute(),
      ({ partitionId }) => partitionId,
    );
    return partitions.map(({ partitionId, settingsId }) => ({
      partitionId,
      settings: texts.get(settingsId) ?? '',
      rejectedFor: (reasons.get(partitionId) ?? []).map(({ reason }) => reason),
    }));
  }
}

function idOf(settings: string): string {
  return fingerprintOf(Buffer.from(settings));
}

async function textsOf(db: Kysely<Tables>): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('reading_settings').select(['id', 'settings']).execute();
  return new Map(rows.map(({ id, settings }) => [id, settings]));
}

function selectSettings(db: Kysely<Tables>): Statement<string, Pick<ReadingSettingsTable, 'id'>> {
  return new Statement((parameter) =>
    db
      .selectFrom('reading_settings')
      .select('id')
      .where(
        'id',
        '=',
        parameter((id) => id),
      ),
  );
}

function insertSettings(db: Kysely<Tables>): Statement<ReadingSettingsTable, unknown> {
  return new Statement((parameter) =>
    db
      .insertInto('reading_settings')
      .values({ id: parameter((row) => row.id), settings: parameter((row) => row.settings) })
      .onConflict((conflict) => conflict.column('id').doNothing()),
  );
}

function upsertPartitions(db: Kysely<Tables>): RowsStatement<PartitionSettingsTable, unknown> {
  return new RowsStatement((parameter, rows) =>
    db
      .insertInto('partition_settings')
      .values(
        rows.map((i) => ({
          partition_id: parameter((values) => values[i].partition_id),
          settings_id: parameter((values) => values[i].settings_id),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .column('partition_id')
          .doUpdateSet((eb) => ({ settings_id: eb.ref('excluded.settings_id') })),
      ),
  );
}
