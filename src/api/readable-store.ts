import type { Store } from '../store/contract.ts';

/** What the API asks of a store. */
export type ReadableStore = Pick<Store, 'windows' | 'windowPages' | 'dataVersion' | 'checkSchema'>;
