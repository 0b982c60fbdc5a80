/** Kills itself within the COPY of a commit, when the rows before are on their way: `test/store/postgres-copy.test.ts` starts it. */

import { CopyWriter } from '../../src/store/postgres/copy-windows.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { advanceOf, deltasOf, requestOf } from './batches.ts';

const ROWS = 5_000;

const store = await openPostgresStore(process.argv[2], {}, new CopyWriter(1, ROWS));
const customers = Array.from({ length: ROWS }, (_, i) => `c${String(i).padStart(4, '0')}`);
const deltas = deltasOf(['a', ...customers].map((id) => requestOf(id, '2024-10-02'))).map((delta, i) => ({
  key: delta.key,
  get statistics() {
    if (i === ROWS - 1) process.kill(process.pid, 'SIGKILL');
    return delta.statistics;
  },
}));
await store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 1)], deltas });
