import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/contract.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { CountedLines } from '../../support/counted-lines.ts';
import { failingStore } from '../../support/living/failing-store.ts';
import { follow } from '../../support/steps.ts';

let directory: string;
let realStore: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-outage-'));
  mkdirSync(join(directory, 'logs'));
  realStore = await openSqliteStore({ dataDir: directory });
  await realStore.migrate();
});

afterEach(async () => {
  await realStore.close();
  rmSync(directory, { recursive: true });
});

describe('a line that is written while the store does not answer', () => {
  it.each([
    { where: 'a log that is known', name: 'app.log', failing: 1 },
    { where: 'a log that is known', name: 'app.log', failing: 3 },
    { where: 'a new log', name: 'new.log', failing: 1 },
    { where: 'a new log', name: 'new.log', failing: 3 },
  ])(
    'to $where is read when it does, though nothing changes again ($failing failures)',
    async ({ name, failing }) => {
      const { store, failures } = failingStore(realStore);
      const lines = new CountedLines();
      const logs = join(directory, 'logs');
      writeFileSync(join(logs, 'app.log'), lines.lines(2));
      // No time passes: a wait that is over would be a reason to look closer, too.
      const reader = follow({ paths: [logs], store, nowMs: () => 1_000_000 });
      for (let look = 0; look < 3; look++) await reader.step();
      appendFileSync(join(logs, name), lines.lines(1));
      failures.before = failing;
      for (let look = 0; look < 3; look++) await reader.step();
      expect((await reader.stop()).lines).toBe(3);
    },
  );
});
