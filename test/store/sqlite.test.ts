import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { sqliteError } from '../../src/store/sqlite/errors.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { assertWritable } from '../../src/store/sqlite/writable.ts';
import { customerDays } from '../../src/window/key.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';

let parent: string;
let dataDir: string;
let file: string;
let opened: Store[];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'daymark-sqlite-'));
  dataDir = join(parent, 'data');
  file = join(dataDir, 'daymark.db');
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(parent, { recursive: true, force: true });
});

async function open(readOnly = false): Promise<Store> {
  const store = await openSqliteStore({ dataDir, readOnly });
  opened.push(store);
  return store;
}

describe('Opening the embedded store', () => {
  test('makes the directory and says where the database is', async () => {
    const store = await open();
    expect(store.description).toBe(`SQLite database ${file}`);
    expect(existsSync(file)).toBe(true);
  });

  test('writes every commit to the disk, through a write-ahead log', async () => {
    await (await open()).migrate();
    const database = new DatabaseSync(file);
    expect(database.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    database.close();
  });

  test('reads a database whose maker was killed before it had a write-ahead log', async () => {
    mkdirSync(dataDir);
    const made = join(parent, 'made.db');
    const maker = new DatabaseSync(made);
    maker.exec('pragma cache_size = 1; create table t (x); begin; create table half_made (x)');
    const insert = maker.prepare('insert into t values (zeroblob(3000))');
    for (let i = 0; i < 100; i++) insert.run();
    // What a kill leaves: pages of a transaction that did not end, and the journal that undoes them.
    copyFileSync(made, file);
    copyFileSync(`${made}-journal`, `${file}-journal`);
    maker.close();

    await expect((await open(true)).checkSchema()).rejects.toMatchObject({ code: 'SCHEMA_MISSING' });

    expect(existsSync(`${file}-journal`)).toBe(false);
  });

  test('works where several make the same database at once', async () => {
    const opener = new URL('../support/sqlite-opener.ts', import.meta.url);
    const threads = Array.from({ length: 6 }, () => new Worker(opener));
    // About one in ten rounds has a loser whom SQLite does not let wait.
    for (let round = 0; round < 60; round++) {
      const answers = threads.map((thread) => once(thread, 'message'));
      for (const thread of threads) thread.postMessage(join(parent, String(round)));
      expect((await Promise.all(answers)).flat()).toEqual(threads.map(() => ''));
    }
    for (const thread of threads) await thread.terminate();
  });

  test('works while its last reader ends, who deletes the write-ahead log', async () => {
    mkdirSync(dataDir);
    writeFileSync(file, '');
    const log = JSON.stringify(`${file}-wal`);
    const thread = new Worker(
      `const { rmSync, writeFileSync } = require('node:fs');
      require('node:worker_threads').parentPort.postMessage('started');
      for (;;) { writeFileSync(${log}, ''); rmSync(${log}); }`,
      { eval: true },
    );
    await once(thread, 'message');
    try {
      for (let i = 0; i < 20_000; i++) assertWritable(file);
    } finally {
      await thread.terminate();
    }
  });

  test('for reading makes nothing where there is nothing', async () => {
    await expect(open(true)).rejects.toMatchObject({
      code: 'SCHEMA_MISSING',
      message: expect.stringContaining(file),
    });
    expect(existsSync(dataDir)).toBe(false);
    mkdirSync(dataDir);
    await expect(open(true)).rejects.toMatchObject({ code: 'SCHEMA_MISSING' });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test('refuses a data directory that is a file', async () => {
    writeFileSync(dataDir, 'not a directory');
    const refused = { code: 'DATA_DIR_UNUSABLE', message: expect.stringContaining(dataDir) };
    await expect(open()).rejects.toMatchObject(refused);
    await expect(open(true)).rejects.toMatchObject({ code: 'SCHEMA_MISSING' });
  });

  test('refuses a database that is a directory', async () => {
    mkdirSync(file, { recursive: true });
    await expect(open()).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
    await expect(open(true)).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
  });

  test('refuses a file that is not a database', async () => {
    mkdirSync(dataDir);
    writeFileSync(file, 'GET / HTTP/1.1 200\n'.repeat(1000));
    await expect(open()).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining(file),
    });
    const reader = await open(true);
    await expect(reader.checkSchema()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  test('names the directory that the user may not write to', async () => {
    await (await open()).close();
    await expect(asNobody(() => openSqliteStore({ dataDir: join(parent, 'other') }))).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringMatching(/other.*EACCES/),
    });
    // Others may read it where its owner let them.
    for (const path of [parent, dataDir]) chmodSync(path, 0o755);
    chmodSync(file, 0o644);
    const unusable = { code: 'STORE_UNWRITABLE', message: expect.stringContaining(dataDir) };
    await expect(asNobody(() => openSqliteStore({ dataDir }))).rejects.toMatchObject(unusable);
    // SQLite writes beside the database also in order to read it.
    const unreadable = { code: 'STORE_UNREADABLE', message: expect.stringContaining(file) };
    await expect(asNobody(() => open(true))).rejects.toMatchObject(unreadable);
  });

  test('does not load the PostgreSQL client', () => {
    const module = new URL('../../src/store/sqlite/open.ts', import.meta.url).href;
    const script = `
      import { createRequire } from 'node:module';
      await (await import('${module}')).openSqliteStore({ dataDir: '${dataDir}' });
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(loaded.some((path) => path.includes('/pg/')));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(output.trim()).toBe('false');
  });
});

describe('An embedded store that is open for reading', () => {
  beforeEach(async () => {
    const writer = await open();
    await writer.migrate();
    await writer.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf([requestOf('c', '2024-10-02')]) });
  });

  test('reads and writes nothing', async () => {
    const reader = await open(true);
    await reader.checkSchema();
    expect(await reader.migrate()).toEqual([]);
    expect(await reader.windows({ ...customerDays('c'), from: '2024-10-02', limit: 1 })).toHaveLength(1);
    await expect(reader.addPartitions(() => adding('p'))).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
    });
    await expect(
      reader.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 1)], deltas: [] }),
    ).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
    });
  });

  test('does not wait for a process that writes, and sees what it has committed', async () => {
    const reader = await open(true);
    const read = () => reader.windows({ ...customerDays('c'), from: '2024-10-02', limit: 1 });
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    other.exec('update customer_daily_stats set success_requests = 7');
    // Where it waited, it would wait for this very thread.
    expect(await read()).toMatchObject([{ success_requests: 1 }]);
    other.exec('commit');
    other.close();
    expect(await read()).toMatchObject([{ success_requests: 7 }]);
  });
});

describe('An error of SQLite', () => {
  test('is STORE_BUSY where another connection holds the lock', () => {
    const [a, b] = [
      new DatabaseSync(join(parent, 'a.db')),
      new DatabaseSync(join(parent, 'a.db'), { timeout: 0 }),
    ];
    a.exec('begin immediate');
    expect(thrownBy(() => b.exec('begin immediate'))).toMatchObject({ code: 'STORE_BUSY' });
    a.close();
    b.close();
  });

  test('is STORE_UNWRITABLE where the disk is full', () => {
    const database = new DatabaseSync(join(parent, 'a.db'));
    database.exec('create table t (x)');
    database.exec('pragma max_page_count = 3');
    const thrown = thrownBy(() => database.exec('insert into t values (zeroblob(100000))'));
    expect(thrown).toMatchObject({ code: 'STORE_UNWRITABLE', message: expect.stringContaining('full') });
    database.close();
  });

  test('is STORE_CORRUPT where a number is larger than daymark stores', () => {
    const database = new DatabaseSync(':memory:');
    const thrown = thrownBy(() => database.prepare('select 9007199254740993').get());
    expect(thrown).toMatchObject({ code: 'STORE_CORRUPT' });
    database.close();
  });

  test('is STORE_FAILED, with the words of SQLite, where nothing else is known', () => {
    const database = new DatabaseSync(':memory:');
    const thrown = thrownBy(() => database.exec('select nonsense'));
    expect(thrown).toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('no such column: nonsense'),
    });
    database.close();
  });

  test('that is none of SQLite stays what it is', () => {
    const error = new TypeError('a bug');
    expect(sqliteError(error, file, file)).toBe(error);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return sqliteError(error, file, file);
  }
  return undefined;
}

/** Root may write anywhere: it becomes somebody else for as long as the work lasts. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) {
    chmodSync(parent, 0o555);
    return work();
  }
  process.seteuid?.('nobody');
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
