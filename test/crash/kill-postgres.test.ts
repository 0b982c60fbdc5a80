import { POSTGRES } from '../support/stores.ts';
import { describeKills } from './kills.ts';

describeKills(POSTGRES);
