import type { KeptWindows } from '../../src/window/kind.ts';

/** The days of customers alone. */
export const ONLY_DAYS: KeptWindows = { hasHours: false, hasAll: false, shard: '' };

/** All kinds, as daymark keeps them unless it is told otherwise. */
export const ALL_KINDS: KeptWindows = { hasHours: true, hasAll: true, shard: '00' };
