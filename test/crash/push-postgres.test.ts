import { POSTGRES } from '../support/stores.ts';
import { describePushes } from './pushes.ts';

describePushes(POSTGRES, [1, 2]);
