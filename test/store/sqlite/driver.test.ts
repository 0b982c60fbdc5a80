import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { SqliteDriver } from '../../../src/store/sqlite/driver.ts';

const QUERY = { query: undefined as never, queryId: undefined as never, parameters: [] };

async function connected(file: string) {
  const driver = new SqliteDriver(new DatabaseSync(file), (error) => error);
  const connection = await driver.acquireConnection();
  const rows = async (sql: string) => (await connection.executeQuery({ ...QUERY, sql })).rows;
  return { rows, close: () => driver.destroy() };
}

test.each(['select * from t', 'select a, b, c from t', 'update t set b = b returning a, b, c'])(
  'after another process has changed the order of the columns, `%s` still has each value under its name',
  async (sql) => {
    const directory = mkdtempSync(join(tmpdir(), 'daymark-driver-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const file = join(directory, 'some.db');
    const other = new DatabaseSync(file);
    other.exec('create table t (a, b, c); insert into t values (1, 2, 3)');
    const { rows, close } = await connected(file);
    expect(await rows(sql)).toEqual([{ a: 1, b: 2, c: 3 }]);
    other.exec('create table u (c, d, a, b); insert into u (a, b, c, d) select a, b, c, 4 from t');
    other.exec('drop table t; alter table u rename to t');
    expect(await rows(sql)).toMatchObject([{ a: 1, b: 2, c: 3 }]);
    other.close();
    await close();
  },
);

test('of columns with one name, the last one counts, and what has no value is null', async () => {
  const { rows, close } = await connected(':memory:');
  expect(await rows(`select 1 as a, null as b, x'00ff' as c, 2 as a`)).toEqual([
    { a: 2, b: null, c: new Uint8Array([0, 255]) },
  ]);
  await close();
});
