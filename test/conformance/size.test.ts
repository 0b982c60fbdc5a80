import { statSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databaseFile } from '../../src/store/sqlite/file.ts';
import { deltasOf, requestOf } from '../support/batches.ts';
import { STORE_KINDS } from '../support/stores.ts';

describe.each(STORE_KINDS)('the size of a $name store', (kind) => {
  test('is what the database takes on its disk, and grows with it', async () => {
    const place = await kind.createPlace();
    onTestFinished(() => place.dispose());
    const store = await place.open();
    await store.migrate();
    const before = await store.sizeBytes();
    const requests = Array.from({ length: 2_000 }, (_, i) => requestOf(`customer ${i}`, '2024-10-02'));
    await store.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf(requests) });
    const after = await store.sizeBytes();
    expect(after).toBeGreaterThan(before);
    const { location } = place;
    if (location.kind === 'sqlite') {
      const file = databaseFile(location.dataDir);
      const files = [file, `${file}-wal`, `${file}-shm`];
      expect(after).toBe(files.reduce((sum, one) => sum + statSync(one).size, 0));
      return;
    }
    const [row] = await place.query('select pg_database_size(current_database()) as bytes');
    expect(after).toBe(Number((row as { bytes: string }).bytes));
  });
});
