/** What logs that are gone, and logs that begin alike, cost a program that follows: rows that its store hands out. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointLookup, Store } from '../../../src/store/contract.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { CountedLines, headerOf } from '../../support/counted-lines.ts';
import { follow, type Stepped } from '../../support/steps.ts';

const PAST = 5_000;

let directory: string;
let logs: string;
let store: Store;
let lines: CountedLines;
let nowMs: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-past-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  store = await openSqliteStore({ dataDir: directory });
  await store.migrate();
  lines = new CountedLines();
  nowMs = 1_000_000;
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

/** A program that follows a store of which every row of a partition is counted. */
class CountedReader {
  rows = 0;
  readonly #reader: Stepped;

  constructor() {
    this.#reader = follow({ paths: [logs], store: this.#counted(store), nowMs: () => nowMs });
  }

  #counted(real: Store): Store {
    const get = (target: Store, name: keyof Store): unknown => {
      if (name === 'checkpoints') return this.#lookup(real.checkpoints);
      if (name === 'addPartitions')
        return (choose: Parameters<Store['addPartitions']>[0]) =>
          real.addPartitions((known) => choose(this.#lookup(known)));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    };
    return new Proxy(real, { get: (target, name) => get(target, name as keyof Store) });
  }

  #lookup<T extends Partial<CheckpointLookup>>(real: T): T {
    const get = (target: T, name: string | symbol): unknown => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        const found = (await value.apply(target, args)) as readonly unknown[];
        this.rows += found.length;
        return found;
      };
    };
    return new Proxy(real as object, { get: (target, name) => get(target as T, name) }) as T;
  }

  /** @returns the rows that so many looks took, one second after the other. */
  async looks(count: number): Promise<number> {
    const before = this.rows;
    for (let look = 0; look < count; look++) {
      nowMs += 1_000;
      await this.#reader.step();
    }
    return this.rows - before;
  }

  async stop(): Promise<number> {
    return (await this.#reader.stop()).lines;
  }
}

/** Reads a log, and makes thousands of logs of its kind that were read, and are gone. */
async function readLongAgo(text: string): Promise<void> {
  writeFileSync(join(logs, 'past.log'), text);
  const reader = new CountedReader();
  await reader.looks(2);
  await reader.stop();
  rmSync(join(logs, 'past.log'));
  const database = new DatabaseSync(join(directory, 'daymark.db'));
  try {
    database.exec(`update checkpoints set state = 'finished'`);
    const columns = database
      .prepare('pragma table_info(checkpoints)')
      .all()
      .map(({ name }) => String(name));
    const values = columns.map((name) =>
      name === 'id' || name === 'name' ? `${name} || '-' || value` : name,
    );
    database.exec(
      `with recursive past(value) as (select 1 union all select value + 1 from past where value < ${PAST})
        insert into checkpoints (${columns.join(', ')}) select ${values.join(', ')} from checkpoints, past`,
    );
  } finally {
    database.close();
  }
}

describe(`a store that knows ${PAST} logs that are gone`, () => {
  it.each([
    { kind: 'that began otherwise', header: '' },
    { kind: 'that began as the live one does', header: headerOf(2_000) },
  ])('hands out no rows of those ($kind) while a live log grows', async ({ header }) => {
    await readLongAgo(header + lines.lines(50));
    writeFileSync(join(logs, 'live.log'), header + lines.lines(50));
    const reader = new CountedReader();
    await reader.looks(3);
    for (let growth = 0; growth < 10; growth++) {
      appendFileSync(join(logs, 'live.log'), lines.lines(1));
      expect(await reader.looks(2)).toBeLessThan(20);
    }
    expect(await reader.stop()).toBe(60 + header.split('\n').length - 1);
  });

  it('hands out no rows of those that began otherwise where new logs come and go', async () => {
    await readLongAgo(`${lines.lines(50)}`);
    const reader = new CountedReader();
    await reader.looks(1);
    for (let i = 0; i < 5; i++) {
      writeFileSync(join(logs, `new-${i}.log`), lines.lines(5));
      expect(await reader.looks(3)).toBeLessThan(60);
      rmSync(join(logs, `new-${i}.log`));
      expect(await reader.looks(15)).toBeLessThan(200);
    }
    await reader.stop();
  });
});

describe('logs that begin with the same 2,000 bytes', () => {
  /** Rows for the first look at so many logs, and when one of them has grown. */
  async function rowsOf(count: number): Promise<{ first: number; grown: number }> {
    const header = headerOf(2_000);
    for (let i = 0; i < count; i++) writeFileSync(join(logs, `${count}-${i}.log`), header + lines.lines(2));
    const reader = new CountedReader();
    const first = await reader.looks(3);
    appendFileSync(join(logs, `${count}-7.log`), lines.lines(1));
    const grown = await reader.looks(3);
    await reader.stop();
    for (let i = 0; i < count; i++) rmSync(join(logs, `${count}-${i}.log`));
    const database = new DatabaseSync(join(directory, 'daymark.db'));
    for (const table of ['partition_settings', 'checkpoints']) database.exec(`delete from ${table}`);
    database.close();
    return { first, grown };
  }

  it('cost rows in proportion to their number, not to its square', async () => {
    const [few, many] = [await rowsOf(50), await rowsOf(400)];
    expect(many.first).toBeLessThan(8 * few.first * 1.5);
    expect(many.grown).toBeLessThan(8 * few.grown * 1.5);
  });
});
