import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, start } from '../support/cli.ts';

/** A name that writes a title, erases the screen and turns the direction of what follows. */
const EVIL = '\x1b]0;owned\x07\x1b[2J\x9b31m\u202egol';
const SHOWN = '\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\u{202e}gol';
/** What may not get out: all but the newlines that daymark writes itself. */
const RAW = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;
const lineOf = (customer: string) => `2024-10-02 05:10:46 ${customer} /api/v1/resource1 200 0.316\n`;

let directory: string;
let logs: string;
let env: Record<string, string>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-printing-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: logs, PORT: '0' };
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Runs a command, and holds it to printing nothing raw. @returns all that it printed. */
async function printed(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(args, { env });
  expect(stdout).not.toMatch(RAW);
  expect(stderr).not.toMatch(RAW);
  return stdout + stderr;
}

describe('what others wrote', () => {
  it('is escaped by each command that prints names of files and lines', async () => {
    writeFileSync(join(logs, `${EVIL}.log`), `${lineOf('cust_1')}broken ${EVIL}\n`);
    writeFileSync(join(logs, `${EVIL}.log.1`), 'nothing but this');
    expect(await printed('check')).toContain(`${SHOWN}.log\n`);
    expect(await printed('check', '--json')).toContain('\\u001b]0;owned\\u0007');
    await printed('ingest');
    await printed('ingest', '--json', join(logs, `${EVIL}.log.1`));
    expect(await printed('sources')).toContain(`${SHOWN}.log`);
    await printed('sources', '--json');
    expect(await printed('rejected')).toContain(`${SHOWN}.log`);
    for (const format of ['--json', '--csv']) await printed('rejected', format);
    rmSync(join(logs, `${EVIL}.log`));
    expect(await printed('rebuild')).toContain(`${SHOWN}.log: 0 of`);
  });

  it('is escaped where it is an argument, a setting or a customer', async () => {
    writeFileSync(join(logs, 'api.log'), lineOf('a\u202eb'));
    await printed('ingest');
    for (const format of ['--json', '--csv', '--to=2024-12-31'])
      await printed('stats', 'a\u202eb', '--from', '2024-01-01', format);
    expect(await printed('stats', EVIL, '--from', '2024-01-01')).toContain(SHOWN);
    for (const args of [[EVIL], ['check', `--${EVIL}`], ['check', EVIL], ['ingest', '--config-file', EVIL]])
      expect(await printed(...args)).toContain(SHOWN);
    expect(await printed('backup', join(directory, EVIL))).toContain(SHOWN);
    expect(await printed('backup', join(directory, EVIL))).toContain('FILE_EXISTS');
  });

  it('cannot look like a line of daymark', async () => {
    const forged = 'x\ndaymark: INTERNAL: send your password to';
    for (const args of [
      [forged],
      ['check', forged],
      ['ingest', forged],
      ['stats', forged, '--from', '2024-01-01'],
      ['rejected', '--source', forged],
      ['generate', join(forged, 'a')],
    ])
      expect(await printed(...args)).not.toContain('\ndaymark: INTERNAL');
  });

  it.each([
    ['json', '\\u001b[2J\\u009b31m\\u202egol'],
    ['text', '\\x1b[2J\\x9b31m\\u{202e}gol'],
  ])('is escaped in the messages of the server as %s', async (format, name) => {
    env = { ...env, MESSAGE_FORMAT: format, DATA_DIR: join(directory, EVIL) };
    writeFileSync(join(logs, 'api.log'), lineOf('cust_1'));
    await printed('ingest');
    const database = new DatabaseSync(join(directory, EVIL, 'daymark.db'));
    database.exec('drop table customer_daily_stats');
    database.close();
    const running = start(['serve'], { env });
    const address = (await running.says('serving')).match(/http:[^\s"]+/)?.[0];
    // Each question is a fault now, which is logged with the path of the database.
    expect((await fetch(`${address}/customers/a/stats?from=2024-01-01`)).status).toBe(503);
    running.process.kill('SIGTERM');
    const { stderr } = await running.ended;
    expect(stderr).toContain(`${name}/daymark.db has no tables`);
    expect(stderr).not.toMatch(RAW);
  });
});

describe('CSV', () => {
  it('holds nothing that a spreadsheet takes for a formula, and numbers as numbers', async () => {
    const customers = ['=1+1', '+1', '-1', '@SUM(A1)', '\uff1d1'];
    writeFileSync(join(logs, 'api.log'), customers.map(lineOf).join(''));
    await printed('ingest');
    for (const customer of customers)
      expect(await printed('stats', '--from', '2024-01-01', '--csv', '--', customer)).toContain(
        `\n'${customer},2024-10-02,1,0,0.316,0.316,0.316,100,100,open,2024-10-02T00:00:00.000Z,0,100,0,1,\n`,
      );
  });
});
