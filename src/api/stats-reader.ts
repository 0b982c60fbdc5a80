import type { Leases, Store } from '../store/contract.ts';

/** The part of a store that the API reads. Of links, it also writes some. */
export type StatsReader = Pick<
  Store,
  | 'windows'
  | 'windowPages'
  | 'readSnapshot'
  | 'dataVersion'
  | 'checkSchema'
  | 'ledgerPage'
  | 'rejectedLines'
  | 'status'
  | 'sizeBytes'
  | 'product'
  | 'links'
> & {
  /** Who reads what. */
  readonly leases: Pick<Leases, 'readers'>;
};
