/** An embedded store that is read by another user than the one who writes it. */

import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { customerDays } from '../../src/window/key.ts';
import { type CliOptions, run, start } from '../support/cli.ts';

const NOBODY = 65_534;

let directory: string;
let dataDir: string;
let env: Record<string, string>;
let other: CliOptions;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-other-'));
  dataDir = join(directory, 'data');
  env = { DATA_DIR: dataDir };
  other = { env: { ...env, PORT: '0' }, uid: NOBODY, cwd: '/' };
  writeFileSync(join(directory, 'a.log'), '2024-10-02 05:10:46 cust_40 /path 200 0.316\nbroken\n');
  expect((await run(['ingest', join(directory, 'a.log')], { env })).code).toBe(0);
  for (const path of [directory, dataDir]) chmodSync(path, 0o755);
  chmodSync(join(dataDir, 'daymark.db'), 0o644);
});

afterEach(() => rmSync(directory, { recursive: true }));

const readers = [
  ['stats', 'cust_40', '--from', '2024-10-01', '--json'],
  ['stats', 'cust_40', '--from', '2024-10-01', '--to', '2024-10-31', '--summary', '--json'],
  ['customers', '--from', '2024-10-01', '--to', '2024-10-31', '--json'],
  ['sources', '--json'],
  ['rejected', '--json'],
];

describe.runIf(process.getuid?.() === 0)('another user, who may only read', () => {
  it.each(readers)('reads what is at rest: %s', async (...args) => {
    expect(readdirSync(dataDir)).toEqual(['daymark.db']);
    const read = await run(args, other);
    expect(readdirSync(dataDir)).toEqual(['daymark.db']);
    // The owner's reading leaves an empty write-ahead log, and that is no obstacle either.
    expect(read).toEqual(await run(args, { env }));
    expect(read).toEqual(await run(args, other));
  });

  it.each(readers)('reads beside a writer: %s', async (...args) => {
    const writer = start(['ingest', '--follow', join(directory, 'a.log')], { env });
    await writer.says('following');
    expect(await run(args, other)).toEqual(await run(args, { env }));
    writer.process.kill('SIGTERM');
    expect((await writer.ended).code).toBe(0);
  });

  it('copies what is at rest with backup', async () => {
    chmodSync(directory, 0o777);
    const copy = join(directory, 'copy');
    expect((await run(['backup', join(copy, '../daymark.copy')], other)).code).toBe(0);
  });

  it('is told by serve what it needs, which goes on when a writer comes', async () => {
    const serving = start(['serve'], other);
    expect(await serving.says('STORE_UNREADABLE')).toContain('no other process has it open');
    const writer = start(['ingest', '--follow', join(directory, 'a.log')], { env });
    await writer.says('following');
    await serving.says('serving SQLite database');
    for (const running of [serving, writer]) {
      running.process.kill('SIGTERM');
      expect((await running.ended).code).toBe(0);
    }
  });

  it('is told which file it may not read', async () => {
    chmodSync(join(dataDir, 'daymark.db'), 0o600);
    const { code, stderr } = await run(['sources'], other);
    expect(code).toBe(1);
    expect(stderr).toContain('STORE_UNREADABLE');
    expect(stderr).toContain(`this user may not read ${join(dataDir, 'daymark.db')}`);
  });
});

it.runIf(process.getuid?.() === 0)(
  'what is read while somebody begins to write is not taken for one moment',
  async () => {
    process.seteuid?.(NOBODY);
    const reader = await openSqliteStore({ dataDir, readOnly: true, isBrief: true });
    process.seteuid?.(0);
    const query = { ...customerDays('cust_40'), from: '2024-10-01', limit: 10 };
    expect(await reader.windows(query)).toHaveLength(1);
    const writer = await openSqliteStore({ dataDir });
    await writer.consentToRetention(7);
    await expect(reader.windows(query)).rejects.toMatchObject({ code: 'STORE_BUSY' });
    await writer.close();
    await expect(reader.windows(query)).rejects.toMatchObject({ code: 'STORE_BUSY' });
    await reader.close();
  },
);
