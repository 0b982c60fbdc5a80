import { SQLITE } from '../support/sqlite-place.ts';
import { describeKills } from './kills.ts';

describeKills(SQLITE);
