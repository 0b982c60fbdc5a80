/** A thread that opens the embedded store in each directory that it is sent, and answers with what went wrong. */

import { parentPort } from 'node:worker_threads';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';

parentPort?.on('message', async (dataDir: string) => {
  try {
    await (await openSqliteStore({ dataDir })).close();
    parentPort?.postMessage('');
  } catch (error) {
    parentPort?.postMessage(String(error));
  }
});
