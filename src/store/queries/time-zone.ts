/** The time zone of the windows that a store holds. Two zones are never mixed: a row would belong to neither. */

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
  #table: ZoneTable | undefined;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#select = selectZone(dialect.db);
    this.#insert = insertZone(dialect.db);
  }

  /** As `Store.checkTimeZone`. @param db the database, or a transaction of it. */
  async check(zone: string, db: Kysely<Tables> = this.#dialect.db): Promise<void> {
    this.#assertSame(await this.stored(db), zone);
  }

  /**
   * Gives the store its zone, where it has none yet. Where two transactions do so at once, the second one waits for the
   * first, and then finds its zone.
   * @throws {DaymarkError} TIME_ZONE_DIFFERS.
   */
  async claim(transaction: Transaction<Tables>, zone: string): Promise<void> {
    let stored = await this.stored(transaction);
    if (stored === undefined) {
      await this.#insert.run(transaction, zone);
      stored = await this.stored(transaction);
      if (stored === undefined) throw bug('a time zone that was stored is not there');
    }
    this.#assertSame(stored, zone);
  }

  /** The zone of the windows that are stored. Call it where there is a window. */
  async table(): Promise<ZoneTable> {
    const table = await this.tableOrNone(this.#dialect.db);
    if (!table) throw bug('windows without a time zone');
    return table;
  }

  /**
   * The same; undefined where nothing was stored yet. It is made once, because it never changes.
   * @param db the database, or a transaction of it.
   */
  async tableOrNone(db: Kysely<Tables>): Promise<ZoneTable | undefined> {
    if (this.#table) return this.#table;
    const zone = await this.stored(db);
    if (zone !== undefined) this.#table = await tableOf(zone);
    return this.#table;
  }

  /** The name of the zone; undefined where nothing was stored yet. */
  async stored(db: Kysely<Tables>): Promise<string | undefined> {
    const { rows } = await this.#select.run(db, undefined);
    return rows[0]?.value;
  }

  /** A zone has several names. Which one is the first changes between releases of the time zone database. */
  #assertSame(stored: string | undefined, zone: string): void {
    if (stored === undefined || stored === zone) return;
    const canonical = canonicalZone(stored);
    if (canonical !== undefined && canonical === canonicalZone(zone)) return;
    const detail = `${this.#dialect.description} holds days of the time zone ${stored}, not ${zone}.`;
    throw new DaymarkError('TIME_ZONE_DIFFERS', detail);
  }
}

/** UTC needs no calendar, which takes 12 ms to load. */
async function tableOf(zone: string): Promise<ZoneTable> {
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
