import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';

let dataDir: string;
let file: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'daymark-open-'));
  file = join(dataDir, 'daymark.db');
});

afterEach(() => rmSync(dataDir, { recursive: true }));

async function migrated(): Promise<void> {
  const store = await openSqliteStore({ dataDir });
  await store.migrate();
  await store.close();
}

function pageBytes(): unknown {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('pragma page_size').get()?.page_size;
  } finally {
    database.close();
  }
}

describe('a database', () => {
  it('has pages of 8 KiB where it is new', async () => {
    await migrated();
    expect(pageBytes()).toBe(8192);
  });

  it('keeps the pages that it has', async () => {
    const before = new DatabaseSync(file);
    before.exec('pragma page_size = 4096; create table earlier (id integer)');
    before.close();
    await migrated();
    expect(pageBytes()).toBe(4096);
  });
});
