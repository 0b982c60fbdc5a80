import { SQLITE } from '../support/sqlite-place.ts';
import { describePushes } from './pushes.ts';

describePushes(SQLITE, [1]);
