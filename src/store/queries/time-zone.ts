/** The time zone of the days that a store holds. Days of two zones are never mixed: each row would be neither's. */

import type { Kysely, Transaction } from 'kysely';
import { bug, DaymarkError } from '../../errors.ts';
import type { ZoneTable } from '../../window/types.ts';
import { canonicalZone, UTC, zoneTable } from '../../window/zone.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import type { MetadataTable, Tables } from '../tables.ts';

const NAME = 'time_zone';

export class TimeZone {
  readonly #dialect: StoreDialect;
  readonly #select: Statement<void, Pick<MetadataTable, 'value'>>;
  readonly #insert: Statement<string, unknown>;
  #table: Promise<ZoneTable> | undefined;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#select = selectZone(dialect.db);
    this.#insert = insertZone(dialect.db);
  }

  /** As `Store.checkTimeZone`. */
  async check(zone: string): Promise<void> {
    this.#assertSame(await this.#stored(this.#dialect.db), zone);
  }

  /**
   * Makes a zone that of the store, where it has none yet. Of two transactions that do so at once the second one
   * waits for the first, and then finds the zone of that one.
   * @throws {DaymarkError} TIME_ZONE_DIFFERS.
   */
  async claim(transaction: Transaction<Tables>, zone: string): Promise<void> {
    let stored = await this.#stored(transaction);
    if (stored === undefined) {
      await this.#insert.run(transaction, zone);
      stored = await this.#stored(transaction);
      if (stored === undefined) throw bug('a time zone that was stored is not there');
    }
    this.#assertSame(stored, zone);
  }

  /** The zone of the days that are stored, made once: it never changes. Call it where there is a day. */
  async table(): Promise<ZoneTable> {
    this.#table ??= this.#stored(this.#dialect.db).then(tableOf);
    try {
      return await this.#table;
    } catch (error) {
      this.#table = undefined;
      throw error;
    }
  }

  async #stored(db: Kysely<Tables>): Promise<string | undefined> {
    const { rows } = await this.#select.run(db, undefined);
    return rows[0]?.value;
  }

  /** A zone has several names, and which of them is the first changes from one release of the database to the next. */
  #assertSame(stored: string | undefined, zone: string): void {
    if (stored === undefined || stored === zone) return;
    const canonical = canonicalZone(stored);
    if (canonical !== undefined && canonical === canonicalZone(zone)) return;
    const detail = `${this.#dialect.description} holds days of the time zone ${stored}, not ${zone}.`;
    throw new DaymarkError('TIME_ZONE_DIFFERS', detail);
  }
}

/** The calendar takes 12 ms to load: days of UTC do without. */
async function tableOf(zone: string | undefined): Promise<ZoneTable> {
  if (zone === undefined) throw bug('days without a time zone');
  if (canonicalZone(zone) === UTC.name) return UTC;
  const { Temporal } = await import('temporal-polyfill');
  return zoneTable(zone, Temporal);
}

function selectZone(db: Kysely<Tables>): Statement<void, Pick<MetadataTable, 'value'>> {
  return new Statement(() => db.selectFrom('facts').select('value').where('name', '=', NAME));
}

function insertZone(db: Kysely<Tables>): Statement<string, unknown> {
  return new Statement((parameter) =>
    db
      .insertInto('facts')
      .values({ name: NAME, value: parameter((zone) => zone) })
      .onConflict((conflict) => conflict.column('name').doNothing()),
  );
}
