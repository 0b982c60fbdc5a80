import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { SQLITE } from '../support/sqlite-place.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { openTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const OPEN = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const CLOSE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOSTILE = '\u001b[31m\u202e\u009d0;title';
const today = new Date().toISOString().slice(0, 10);
const lineOf = (customer: string, status: number) => `${today} 00:00:01 ${customer} /api ${status} 0.316\n`;

let place: StorePlace;
let directory: string;
let logs: string;
let env: Record<string, string>;

async function setUp(kind = SQLITE): Promise<void> {
  place = await kind.createPlace();
  directory = mkdtempSync(join(tmpdir(), 'daymark-top-'));
  logs = join(directory, 'logs');
  mkdirSync(logs);
  env = { ...envOf(place.location), LOGS_SOURCE_DIR: logs };
  writeFileSync(
    join(logs, 'a.log'),
    lineOf('well', 200).repeat(40) + lineOf('bad', 500).repeat(3) + lineOf('worse', 503).repeat(7),
  );
  writeFileSync(join(logs, `${HOSTILE}.log`), `${lineOf('日本のお客様', 500)}broken\n`);
}

afterEach(async () => {
  await place.dispose();
  rmSync(directory, { recursive: true });
});

async function ingest(): Promise<void> {
  expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
}

/** The lines of the screen as it was drawn last, without colours. */
function lastScreen(written: string): string[] {
  const frames = written.split(CLOSE)[0]?.split('\x1b[H') ?? [];
  return stripVTControlCharacters(frames.at(-1) ?? '').split(/\r+\n/);
}

describe.each(STORE_KINDS)('top of a $name store', (kind) => {
  beforeEach(() => setUp(kind));

  it('prints one snapshot without a terminal, with the numbers of the logs', async () => {
    await ingest();
    const { code, stdout } = await run(['top'], { env });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
    expect(stdout).toMatch(/^read {4}52 lines, 1 rejected \(1\.92 %\)$/m);
    expect(stdout).toMatch(/^lag {5}bytes behind not known, last commit /m);
    const rows = [...stdout.matchAll(/^(\S+) +(\d+) +(\d+) +([\d.]+) +0\.316$/gm)].map((match) =>
      match.slice(1),
    );
    expect(rows).toEqual([
      ['worse', '7', '7', '0.000'],
      ['bad', '3', '3', '0.000'],
      ['日本のお客様', '1', '1', '0.000'],
    ]);
    const json = JSON.parse((await run(['top', '--json'], { env })).stdout);
    expect(json).toMatchObject({
      ...{ lines: 52, accepted: 51, rejected: 1, bytes_behind: null, lines_per_second: null },
      sources: { live: 0, finished: 2, retired: 0 },
    });
    expect(json.worst.customers[0]).toEqual({
      ...{ customer_id: 'worse', requests: 7, error_requests: 7 },
      ...{ availability_percentage: 0, duration_p99: 0.316 },
    });
    const { sources } = JSON.parse((await run(['sources', '--json'], { env })).stdout);
    const names = (list: { name: string; lines: number }[]) =>
      list.map(({ name, lines }) => [name, lines]).sort();
    expect(names(json.logs)).toEqual(names(sources));
  });

  it('says how many bytes of the logs of this machine are not in the store', async () => {
    const following = start(['ingest', '--follow'], { env });
    onTestFinished(() => void following.process.kill('SIGKILL'));
    await following.says('following');
    const behind = async () => JSON.parse((await run(['top', '--json'], { env })).stdout).bytes_behind;
    await eventually(behind, 200).toBe(0);
    following.process.kill('SIGKILL');
    await following.ended;
    const more = lineOf('late', 200).repeat(9);
    appendFileSync(join(logs, 'a.log'), more);
    expect(await behind()).toBe(more.length);
    // Another file under its path is not the log that was read.
    rmSync(join(logs, 'a.log'));
    writeFileSync(join(logs, 'a.log'), more);
    expect(await behind()).toBeNull();
  });
});

describe('top on a terminal', () => {
  beforeEach(() => setUp());

  it.each([40, 80, 200])(
    'fits %d columns, shows what is read, and leaves the terminal as it was',
    async (columns) => {
      const following = start(['ingest', '--follow'], { env });
      onTestFinished(() => void following.process.kill('SIGKILL'));
      await following.says('following');
      const terminal = openTerminal(['top'], env, { columns, rows: 24, directory });
      const shows = (pattern: RegExp) => until(() => pattern.test(lastScreen(terminal.written()).join('\n')));
      await shows(/^read +52 lines/m);
      appendFileSync(join(logs, 'a.log'), lineOf('worst', 500).repeat(20));
      await shows(/^read +72 lines/m);
      await shows(/^worst +20/m);
      terminal.type('q');
      const { written, code } = await terminal.ended;
      expect(code).toBe(0);
      const screen = lastScreen(written);
      expect(screen).toHaveLength(24);
      for (const line of screen) {
        // Two columns for each of these letters.
        const wide = [...line].filter((letter) => letter > '\u3000').length;
        expect(line.length + wide).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }
      expect(screen.at(-1)).toBe('q ends');
      expect(written.startsWith(OPEN)).toBe(true);
      expect(written.trimEnd().endsWith(`${CLOSE}LEFT CLEAN`)).toBe(true);
      following.process.kill('SIGTERM');
      await following.ended;
    },
  );

  it.each(['SIGINT', 'SIGTERM', 'Ctrl-C'] as const)('leaves it as it was on %s, too', async (signal) => {
    await ingest();
    const terminal = openTerminal(['top'], env, { columns: 80, rows: 24, directory });
    await until(() => terminal.written().includes('q ends'));
    if (signal === 'Ctrl-C') terminal.type('\x03');
    else process.kill(terminal.pid(), signal);
    const { written, code } = await terminal.ended;
    expect(code).toBe(0);
    expect(written.trimEnd().endsWith(`${CLOSE}LEFT CLEAN`)).toBe(true);
  });

  it('leaves it as it was when the database is broken, and says what is wrong behind that', async () => {
    await ingest();
    const terminal = openTerminal(['top'], env, { columns: 80, rows: 24, directory });
    await until(() => terminal.written().includes('q ends'));
    const database = new DatabaseSync(join(env.DATA_DIR ?? '', 'daymark.db'));
    database.exec('alter table checkpoints rename to hidden');
    database.close();
    const { written, code } = await terminal.ended;
    expect(code).toBe(1);
    const [, behind = ''] = written.split(CLOSE);
    expect(behind).toContain('daymark: ');
    expect(behind).toContain('LEFT CLEAN');
  });

  it('has colours, and none where NO_COLOR is set', async () => {
    await ingest();
    for (const [set, isColoured] of [
      [{}, true],
      [{ NO_COLOR: '1' }, false],
    ] as const) {
      const terminal = openTerminal(['top'], { ...env, ...set }, { columns: 80, rows: 24, directory });
      await until(() => terminal.written().includes('q ends'));
      terminal.type('q');
      expect((await terminal.ended).written.includes('\x1b[2m')).toBe(isColoured);
    }
  });

  it('prints one snapshot where the terminal cannot move its cursor, and where it is told to', async () => {
    await ingest();
    for (const [args, set] of [
      [['top'], { TERM: 'dumb' }],
      [['top', '--once'], {}],
      [['top', '--json'], {}],
    ] as const) {
      const terminal = openTerminal(args, { ...env, ...set }, { columns: 60, rows: 24, directory });
      const { written, code } = await terminal.ended;
      expect([code, written.includes('\x1b')]).toEqual([0, false]);
      expect(written).toContain('worse');
    }
  });

  it('says what is missing where there is no store', async () => {
    const { code, stderr } = await run(['top'], { env });
    expect([code, stderr.includes('SCHEMA_MISSING')]).toEqual([1, true]);
  });
});
