import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';

/** Has a database open until it is killed. */
const HOLDER = `import { DatabaseSync } from 'node:sqlite';
const database = new DatabaseSync(process.argv[1]);
database.prepare('select count(*) from checkpoints').get();
console.log('open');
setInterval(() => database.isOpen, 1000);`;

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

  it('is not taken for one that can be written where this process has its shared memory open for reading', async () => {
    await migrated();
    // Beside another writer, so that the shared memory is there.
    const writer = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, file], { stdio: 'pipe' });
    await once(writer.stdout, 'data');
    try {
      const url = pathToFileURL(file);
      url.searchParams.set('readonly_shm', '1');
      const reader = new DatabaseSync(url, { readOnly: true });
      reader.prepare('select count(*) from checkpoints').get();
      await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
      reader.close();
      const store = await openSqliteStore({ dataDir });
      await store.consentToRetention(1);
      await store.close();
    } finally {
      writer.kill();
    }
  });

  it('can be opened for writing while another process writes', async () => {
    await migrated();
    const database = new DatabaseSync(file);
    database.exec('begin immediate');
    await (await openSqliteStore({ dataDir })).close();
    database.close();
  });

  it('keeps the pages that it has', async () => {
    const before = new DatabaseSync(file);
    before.exec('pragma page_size = 4096; create table earlier (id integer)');
    before.close();
    await migrated();
    expect(pageBytes()).toBe(4096);
  });
});
