/** Reads statistics from a replica of the database, and all else from the database itself. */

import { DaymarkError } from '../errors.ts';
import type { Store } from './contract.ts';

/**
 * What may be as old as the replica: statistics and what is known of logs. It all comes from one database, so numbers that belong
 * together are of one moment, and an answer that is kept has the data version of the rows that it was made of.
 */
const OF_REPLICA = [
  ...(['windows', 'windowPages', 'readSnapshot', 'storedWindows', 'partitionDays', 'dataVersion'] as const),
  ...(['ledger', 'ledgerPage', 'status', 'rejectedLines', 'sizeBytes', 'lastEventMs', 'daysBefore'] as const),
] satisfies (keyof Store)[];

/** What changes something. Nothing is written by who answers; it is here so that no part of the contract is forgotten. */
const OF_PRIMARY = [
  ...(['migrate', 'checkTimeZone', 'addPartitions', 'commit', 'replace', 'rollUp'] as const),
  ...(['deleteDaysBefore', 'deleteHoursBefore', 'retentionConsentDays', 'consentToRetention'] as const),
  ...(['readOtherwise', 'nameSource'] as const),
] satisfies (keyof Store)[];

/**
 * Keys, links and signing keys are never read from the replica: a revoked key must end within a second, however far the replica
 * is behind.
 */
export function readingFrom(replica: Store, primary: Store): Store {
  return {
    product: replica.product,
    description: `${replica.description}, and keys from ${primary.description}`,
    checkpoints: replica.checkpoints,
    apiKeys: primary.apiKeys,
    links: primary.links,
    pushes: primary.pushes,
    leases: primary.leases,
    signingKeys: primary.signingKeys,
    ...methodsOf(replica, OF_REPLICA),
    ...methodsOf(primary, OF_PRIMARY),
    checkSchema: async () => {
      await primary.checkSchema();
      await replica.checkSchema().catch(notUpgradedYet);
    },
    close: async () => {
      await Promise.all([replica.close(), primary.close()]);
    },
  };
}

function methodsOf<Name extends keyof Store>(store: Store, names: readonly Name[]): Pick<Store, Name> {
  const bound = names.map((name) => [name, (store[name] as () => unknown).bind(store)]);
  return Object.fromEntries(bound) as Pick<Store, Name>;
}

/** The database has this daymark's schema, so the replica will have it, too. */
function notUpgradedYet(error: unknown): never {
  if (!(error instanceof DaymarkError && ['SCHEMA_OLDER', 'SCHEMA_MISSING'].includes(error.code)))
    throw error;
  throw new DaymarkError('STORE_BUSY', `The replica does not have the upgrade yet. ${error.message}`, {
    cause: error,
  });
}
