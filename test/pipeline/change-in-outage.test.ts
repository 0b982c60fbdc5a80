import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { CountedLines } from '../support/counted-lines.ts';
import { failingStore } from '../support/living/failing-store.ts';
import { follow } from '../support/steps.ts';

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
  it.each([1, 2, 3, 5])(
    'is read when it does, though its log does not change again (%i failures)',
    async (failing) => {
      const { store, failures } = failingStore(realStore);
      const lines = new CountedLines();
      const log = join(directory, 'logs/app.log');
      writeFileSync(log, lines.lines(2));
      // No time passes: a wait that is over would be a reason to look closer, too.
      const reader = follow({ paths: [join(directory, 'logs')], store, nowMs: () => 1_000_000 });
      for (let look = 0; look < 3; look++) await reader.step();
      appendFileSync(log, lines.lines(1));
      failures.before = failing;
      for (let look = 0; look < 3; look++) await reader.step();
      const summary = await reader.stop();
      expect(summary.lines).toBe(3);
    },
  );
});
