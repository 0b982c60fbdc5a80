/**
 * All migrations, by name. The names are in the order in which they are applied, and a migration that was
 * released is never changed. A list and not a directory that is read: the program is bundled into one file.
 */

import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';
import { initial } from './0001-initial.ts';
import { missingDurations } from './0002-missing-durations.ts';
import { timeZone } from './0003-time-zone.ts';
import { livingFiles } from './0004-living-files.ts';
import { prefixChecksums } from './0005-prefix-checksums.ts';
import { readingSettings } from './0006-reading-settings.ts';
import { excludedLines } from './0007-excluded-lines.ts';
import { hoursAndAll } from './0008-hours-and-all.ts';
import { endpoints } from './0009-endpoints.ts';
import { rollUps } from './0010-roll-ups.ts';
import { provenance } from './0011-provenance.ts';
import { customerDays } from './0012-customer-days.ts';
import { apiKeys } from './0013-api-keys.ts';
import { signingKeys } from './0014-signing-keys.ts';
import { links } from './0015-links.ts';
import { endpointIndex } from './0016-endpoint-index.ts';
import { leases } from './0017-leases.ts';
import { pushes } from './0018-pushes.ts';
import { storage } from './0019-storage.ts';

const MIGRATIONS = {
  '0001-initial': initial,
  '0002-missing-durations': missingDurations,
  '0003-time-zone': timeZone,
  '0004-living-files': livingFiles,
  '0005-prefix-checksums': prefixChecksums,
  '0006-reading-settings': readingSettings,
  '0007-excluded-lines': excludedLines,
  '0008-hours-and-all': hoursAndAll,
  '0009-endpoints': endpoints,
  '0010-roll-ups': rollUps,
  '0011-provenance': provenance,
  '0012-customer-days': customerDays,
  '0013-api-keys': apiKeys,
  '0014-signing-keys': signingKeys,
  '0015-links': links,
  '0016-endpoint-index': endpointIndex,
  '0017-leases': leases,
  '0018-pushes': pushes,
  '0019-storage': storage,
} satisfies Record<string, (types: ColumnTypes) => Migration>;

export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

/** The migrations for a database with these column types. */
export function migrationsFor(types: ColumnTypes): Record<string, Migration> {
  return Object.fromEntries(Object.entries(MIGRATIONS).map(([name, make]) => [name, make(types)]));
}
