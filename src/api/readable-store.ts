import type { Store } from '../store/contract.ts';

/** What the API asks of a store. */
export type ReadableStore = Pick<Store, 'dailyStats' | 'dailyStatsPages' | 'dataVersion' | 'checkSchema'>;
