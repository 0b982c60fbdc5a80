/** Remembers that somebody confirmed the deletion of days that are older than so many days. */

import type { Kysely } from 'kysely';
import type { Statement } from '../statement.ts';
import type { MetadataTable, Tables } from '../tables.ts';
import { selectFact, upsertFact } from './facts.ts';

/** The name of the metadata that holds the last confirmed number of days. */
const RETENTION_CONSENT = 'retention_consent_days';

export class RetentionConsent {
  readonly #db: Kysely<Tables>;
  readonly #select: Statement<void, Pick<MetadataTable, 'value'>>;
  readonly #upsert: Statement<string, unknown>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
    this.#select = selectFact(db, RETENTION_CONSENT);
    this.#upsert = upsertFact(db, RETENTION_CONSENT);
  }

  /** As `Store.retentionConsentDays`. */
  async days(): Promise<number | undefined> {
    const { rows } = await this.#select.run(this.#db, undefined);
    return rows[0] && Number(rows[0].value);
  }

  /** As `Store.consentToRetention`. */
  async consent(days: number): Promise<void> {
    await this.#upsert.run(this.#db, String(days));
  }
}
