/** Logs that few programs make, and more of them than a process may have open. */

import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { run, withOpenFiles } from '../support/cli.ts';
import { FollowedLogs, requestsIn } from '../support/followed-logs.ts';
import { until } from '../support/until.ts';

let logs: FollowedLogs;

afterEach(() => logs.close());

describe('a writer that keeps its place in a log that is copied and truncated', () => {
  it.each([
    { size: 'small', lines: 30 },
    { size: 'large', lines: 3_000 },
  ])(
    'leaves NULs in front; all lines behind them count, but at most one (a $size log)',
    async ({ lines }) => {
      logs = await FollowedLogs.open();
      const log = logs.path('app.log');
      const writer = openSync(log, 'w');
      writeSync(writer, logs.lines.lines(lines));
      await logs.follow();
      copyFileSync(log, logs.path('app.log.1'));
      truncateSync(log);
      await logs.looked();
      // One that stands right behind the NULs is no line of its own.
      writeSync(writer, '2024-10-02 05:10:46 behind_the_nuls /a 200 0.316\n');
      writeSync(writer, logs.lines.lines(20));
      await logs.looked();
      writeSync(writer, logs.lines.lines(20));
      closeSync(writer);
      await until(async () => requestsOf(await requestsIn(logs.store)) >= logs.lines.count);
      await logs.looked();
      const counted = await requestsIn(logs.store);
      expect(counted.get('behind_the_nuls') ?? 0).toBeLessThanOrEqual(1);
      counted.delete('behind_the_nuls');
      expect(counted).toEqual(logs.lines.requests);
      const [ledger] = await logs.store.rows('select sum(rejected) as rejected from checkpoints');
      expect(Number(ledger?.rejected)).toBeLessThanOrEqual(1);
    },
  );
});

/** Without the line that stands right behind the NULs. */
function requestsOf(counted: ReadonlyMap<string, number>): number {
  return [...counted].reduce(
    (sum, [customer, count]) => sum + (customer === 'behind_the_nuls' ? 0 : count),
    0,
  );
}

describe('a log with an odd name', () => {
  const NAMES = [
    { what: 'a newline', name: Buffer.from('new\nline.log') },
    { what: 'invalid UTF-8', name: Buffer.from('caf\xe9.log', 'latin1') },
    { what: 'escape sequences', name: Buffer.from('red\x1b[31m.log') },
    { what: 'a backslash and quotes', name: Buffer.from('a\\"b\'.log') },
    { what: 'spaces', name: Buffer.from(' a b .log') },
  ];
  const pathOf = (name: Buffer) => Buffer.concat([Buffer.from(`${logs.directory}/`), name]);

  it.each(NAMES)('is read by a run and followed: $what', async ({ name }) => {
    logs = await FollowedLogs.open();
    writeFileSync(pathOf(name), logs.lines.lines(30));
    const { code, stderr } = await run(['ingest', logs.directory], { env: logs.env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    await logs.untilCounted();
    await logs.follow();
    appendFileSync(pathOf(name), logs.lines.lines(5));
    renameSync(pathOf(name), pathOf(Buffer.concat([name, Buffer.from('.1')])));
    writeFileSync(pathOf(name), logs.lines.lines(5));
    await logs.expectCountedOnce();
    expect(hasControlCharacters(logs.follower.said)).toBe(false);
  });

  it('is one of several whose names are the same where invalid bytes are replaced', async () => {
    logs = await FollowedLogs.open();
    for (const byte of [0xe8, 0xe9, 0xea])
      writeFileSync(pathOf(Buffer.from([0x61, byte, ...Buffer.from('.log')])), logs.lines.lines(10));
    await logs.follow();
    for (const byte of [0xe8, 0xe9, 0xea])
      appendFileSync(pathOf(Buffer.from([0x61, byte, ...Buffer.from('.log')])), logs.lines.lines(10));
    await logs.expectCountedOnce();
  });
});

function hasControlCharacters(text: string): boolean {
  return [...text].some((character) => character < ' ' && character !== '\n');
}

describe('1,000 logs, where a process may have 300 files open,', () => {
  it('are followed, all of them, without a word of too many open files', async () => {
    logs = await FollowedLogs.open({ within: withOpenFiles(300) });
    const names = Array.from({ length: 1_000 }, (_, i) => `app-${String(i).padStart(4, '0')}.log`);
    for (const name of names) logs.write(name, 1);
    await logs.follow();
    for (const name of names) logs.write(name, 1);
    await logs.untilCounted();
    for (const [index, name] of names.entries()) {
      if (index % 3 === 0) renameSync(logs.path(name), logs.path(`${name}.1`));
      logs.write(name, 1);
    }
    await logs.expectCountedOnce();
    expect(logs.follower.said).not.toMatch(/EMFILE|too many open files/i);
  });

  it('are read by a run', async () => {
    logs = await FollowedLogs.open();
    for (let i = 0; i < 1_000; i++) logs.write(`app-${i}.log`, 3);
    const { code, stderr } = await run(['ingest', logs.directory], {
      env: logs.env,
      within: withOpenFiles(300),
    });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: '' });
    await logs.untilCounted();
  });
});
