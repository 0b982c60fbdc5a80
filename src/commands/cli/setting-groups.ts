/** Settings that several commands take together. */

import type { SettingName } from '../../config/settings.ts';

export const STORE: SettingName[] = ['DATABASE_URL', 'DATA_DIR'];
export const CUSTOMERS: SettingName[] = ['CUSTOMERS_FILE'];
export const AVAILABILITY: SettingName[] = ['FAILED_STATUSES', 'IGNORED_STATUSES'];
