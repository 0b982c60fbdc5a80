import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type CliResult, envOf, run } from '../support/cli.ts';
import { statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const GOOD = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n';
const NOBODY = 65_534;

let directory: string;
let place: StorePlace;
let env: Record<string, string>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-bad-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** What the person at the terminal must find: the code, what it is about, and what to do; nothing of the program. */
function expectError(result: CliResult, code: string, about: string, exitCode = 1): void {
  expect(result.stderr).toContain(`daymark: ${code}: `);
  expect(result.stderr).toContain(about);
  expect(result.stderr).not.toMatch(/\n\s+at /);
  expect(result.stdout).toBe('');
  expect(result.code).toBe(exitCode);
}

describe.each(STORE_KINDS)('bad input to ingest into $name', (kind) => {
  beforeEach(async () => {
    place = await kind.createPlace();
    env = envOf(place.location);
    expect((await run(['ingest', fileOf('good.log', GOOD)], { env })).code).toBe(0);
  });

  afterEach(() => place.dispose());

  /** Runs it, and holds the store to what it was. */
  async function refused(path: string, code: string, about = path): Promise<void> {
    const before = await statisticsRows(place);
    const checkpoints = await place.query('select * from checkpoints');
    expectError(await run(['ingest', path], { env }), code, about);
    expect(await statisticsRows(place)).toEqual(before);
    expect(await place.query('select * from checkpoints')).toEqual(checkpoints);
    expect(await place.query('select * from rejected_lines')).toEqual([]);
  }

  it('that does not exist is refused', () => refused(join(directory, 'nowhere.log'), 'PATH_NOT_FOUND'));

  it('that is a link to nowhere is refused, and says where the last link leads', async () => {
    symlinkSync('second.log', join(directory, 'first.log'));
    symlinkSync('gone/api.log', join(directory, 'second.log'));
    const about = `first.log is a link to ${join(directory, 'gone/api.log')}, which does not exist.\n`;
    await refused(join(directory, 'first.log'), 'PATH_NOT_FOUND', about);
  });

  it('that is a directory without logs is refused', async () => {
    mkdirSync(join(directory, 'empty'));
    await refused(join(directory, 'empty'), 'NO_LOGS');
  });

  it('that is an empty file is refused', () => refused(fileOf('empty.log', ''), 'EMPTY_FILE'));

  it('that is neither a file nor a directory is refused', () => refused('/dev/null', 'NOT_A_FILE'));

  it('that is a binary file is refused', () => refused(process.execPath, 'BINARY_FILE'));

  it('that is a compressed binary file is refused', () =>
    refused(fileOf('x.log', gzipSync(readFileSync(process.execPath).subarray(0, 100_000))), 'BINARY_FILE'));

  it('that is an archive of nothing is refused', () => refused(fileOf('x.log', gzipSync('')), 'EMPTY_FILE'));

  it('that is an archive damaged where it begins is refused', () =>
    refused(fileOf('x.log', gzipSync(GOOD.repeat(100)).fill(0xff, 10, 40)), 'CORRUPT_ARCHIVE'));

  it('that is a log with a NUL byte is refused, and the place named', () =>
    refused(
      fileOf('nul.log', `${GOOD}2024-10-02 05:10:46 cust\u0000 /api 200 0.1\n`),
      'BINARY_FILE',
      'byte 80',
    ));

  it('that has only broken lines is refused', () =>
    refused(fileOf('broken.log', 'what\nis\nthis\n'), 'NO_LINE_UNDERSTOOD', 'first 3 lines'));
});

describe('bad surroundings', () => {
  it('leave no database behind where the input was refused', async () => {
    const dataDir = join(directory, 'data');
    const result = await run(['ingest', fileOf('broken.log', 'what\n')], { env: { DATA_DIR: dataDir } });
    expectError(result, 'NO_LINE_UNDERSTOOD', 'broken.log');
    expect(existsSync(dataDir)).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)('an unreadable file is refused', async () => {
    const log = fileOf('secret.log', GOOD);
    chmodSync(directory, 0o755);
    chmodSync(log, 0);
    const result = await run(['ingest', log], { env: { DATA_DIR: join(directory, 'data') }, uid: NOBODY });
    expectError(result, 'PATH_UNREADABLE', 'secret.log');
  });

  it.runIf(process.getuid?.() === 0)(
    'an unreadable file among readable ones is told, and the others are read',
    async () => {
      const logs = join(directory, 'logs');
      mkdirSync(logs);
      chmodSync(directory, 0o777);
      writeFileSync(join(logs, 'a.log'), GOOD);
      writeFileSync(join(logs, 'b.log'), GOOD.replace('cust_40', 'cust_41'), { mode: 0 });
      const result = await run(['ingest', logs, '--json'], {
        env: { DATA_DIR: join(directory, 'data') },
        uid: NOBODY,
      });
      expect(result.stderr).toContain('warning: PATH_UNREADABLE');
      expect(JSON.parse(result.stdout)).toMatchObject({ accepted: 1 });
      expect(result.code).toBe(1);
    },
  );

  it.runIf(process.getuid?.() === 0)('a data directory that cannot be written is told', async () => {
    chmodSync(directory, 0o755);
    const env = { DATA_DIR: join(directory, 'data'), STORE_RETRY_SECONDS: '0' };
    const log = fileOf('good.log', GOOD);
    expectError(await run(['ingest', log], { env, uid: NOBODY }), 'DATA_DIR_UNUSABLE', directory);
  });

  it('a data directory that is a file is told', async () => {
    const dataDir = fileOf('data', '');
    const result = await run(['ingest', fileOf('good.log', GOOD)], {
      env: { DATA_DIR: dataDir, STORE_RETRY_SECONDS: '0' },
    });
    expectError(result, 'DATA_DIR_UNUSABLE', dataDir);
  });

  it('a database file that is none is told', async () => {
    fileOf('daymark.db', 'this is not a database, and long enough to see it'.repeat(50));
    const result = await run(['ingest', fileOf('good.log', GOOD)], { env: { DATA_DIR: directory } });
    expectError(result, 'STORE_CORRUPT', 'daymark.db');
  });

  it('a database server that is not there is told, without the password', async () => {
    const url = 'postgres://someone:hunter2@127.0.0.1:1/nothing';
    const result = await run(['migrate'], { env: { DATABASE_URL: url, STORE_RETRY_SECONDS: '0' } });
    expectError(result, 'STORE_UNREACHABLE', '127.0.0.1');
    expect(result.stderr).not.toContain('hunter2');
  });

  it('a database that is not there is told', async () => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = '/no_such_database';
    expectError(
      await run(['migrate'], { env: { DATABASE_URL: url.href } }),
      'STORE_REFUSED',
      'no_such_database',
    );
  });

  it.each(STORE_KINDS)('a database of a newer schema version is left alone: $name', async (kind) => {
    const store = await kind.createPlace();
    try {
      const env = envOf(store.location);
      expect((await run(['migrate'], { env })).code).toBe(0);
      const [table] = await store.query(MIGRATION_TABLE[store.location.kind]);
      const name = String(table?.name);
      await store.query(`insert into ${name} (name, timestamp) values ('9999-of-the-future', '2099-01-01')`);
      for (const command of [
        ['ingest', fileOf('good.log', GOOD)],
        ['migrate'],
        ['stats', 'x', '--from', '2024-01-01'],
        ['serve'],
      ]) {
        expectError(await run(command, { env }), 'SCHEMA_NEWER', '9999-of-the-future');
      }
      expect(await statisticsRows(store)).toEqual([]);
    } finally {
      await store.dispose();
    }
  });

  it('a port in use is told', async () => {
    const { server, port } = await listen();
    try {
      const env = { DATA_DIR: join(directory, 'data'), PORT: String(port) };
      expect((await run(['migrate'], { env })).code).toBe(0);
      expectPort(await run(['serve'], { env }), port);
      expectPort(
        await run(['up'], { env: { ...env, LOGS_SOURCE_DIR: join(import.meta.dirname, '../../logs') } }),
        port,
      );
    } finally {
      server.close();
    }
  });

  it('a store without tables is told to whoever only reads', async () => {
    const env = { DATA_DIR: join(directory, 'data') };
    for (const command of [['serve'], ['stats', 'x', '--from', '2024-01-01']]) {
      expectError(await run(command, { env }), 'SCHEMA_MISSING', 'daymark.db');
    }
    expect(existsSync(join(directory, 'data'))).toBe(false);
  });

  it('a log directory that does not exist stops `up` at once', async () => {
    const env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: join(directory, 'nowhere') };
    expectError(await run(['up'], { env }), 'PATH_NOT_FOUND', 'nowhere');
    expect(existsSync(join(directory, 'data'))).toBe(false);
  });
});

describe('wrong usage', () => {
  it.each([
    [['ingest', '--prot', '1'], 'UNKNOWN_SETTING', '--prot'],
    [['serve', '--hots', '1'], 'UNKNOWN_SETTING', 'Did you mean --host?'],
    [['serve', '--port', 'eighty'], 'INVALID_SETTING', '--port is "eighty"'],
    [['ingest', '--batch-lines', '0'], 'INVALID_SETTING', 'from 1 to'],
    [['ingestt'], 'WRONG_USAGE', 'ingest'],
    [['history', '--from', '2024-01-01'], 'WRONG_USAGE', 'customer'],
    [['stats', 'x', 'y', '--from', '2024-01-01'], 'WRONG_USAGE', 'y'],
    [['stats', 'x'], 'WRONG_USAGE', '--from'],
    [['stats', 'x', '--from', '2024-02-30'], 'INVALID_SETTING', '2024-02-30'],
    [['stats', 'x', '--from', '2024-02-01', '--json', '--csv'], 'WRONG_USAGE', '--csv'],
    [['ingest', '-', 'x.log'], 'WRONG_USAGE', '-'],
    [['generate', '--lines', '-5'], 'WRONG_USAGE', '--lines'],
    [['generate', '--until', 'soon'], 'INVALID_SETTING', 'soon'],
    [['serve', '--config-file', '/nowhere'], 'INVALID_SETTING', '/nowhere, but there is no such file.'],
    [['serve', '--config-file', '/'], 'INVALID_SETTING', '/, but it is not a regular file.'],
    [['ingest', '--wait-for-system-duration', 'P1M'], 'INVALID_SETTING', 'P1M'],
    [['ingest', '--late-events', 'ignore'], 'INVALID_SETTING', 'ignore'],
  ])('%j is told with %s', async (args, code, about) => {
    const result = await run(args, { env: { DATA_DIR: join(directory, 'data') } });
    expectError(result, code, about, 2);
  });
});

const MIGRATION_TABLE = {
  sqlite:
    "select name from sqlite_master where type = 'table' and name like '%migration%' and name not like '%lock%'",
  postgres:
    "select table_name as name from information_schema.tables where table_name like '%migration%' and table_name not like '%lock%'",
};

function expectPort(result: CliResult, port: number): void {
  expectError(result, 'PORT_IN_USE', String(port));
}

function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, port: (server.address() as { port: number }).port }),
    );
  });
}
