/** Makes the program believe that it runs on another host: `NODE_OPTIONS=--import=<this file>`, and `TEST_HOST`. */

import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

os.hostname = () => process.env.TEST_HOST ?? 'host';
syncBuiltinESMExports();
