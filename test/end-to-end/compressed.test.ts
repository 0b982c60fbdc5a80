import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ARCHIVES, CONTENT, gzip } from '../support/archives.ts';
import { type CliOptions, type CliResult, envOf, run, start } from '../support/cli.ts';
import { lineOf, randomNumbers, randomRequests } from '../support/random-log.ts';
import { statisticsRows } from '../support/rows.ts';
import { siteOfEachTest } from '../support/site.ts';
import type { StorePlace } from '../support/sqlite-place.ts';
import { until } from '../support/until.ts';

const LINES = 200;

const site = siteOfEachTest('gz');

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(site.directory, name);
  writeFileSync(path, bytes);
  return path;
}

const ingest = (place: StorePlace, path: string, options: CliOptions = {}): Promise<CliResult> =>
  run(['ingest', path, '--json'], { env: envOf(place.location), ...options });

const linesOf = ({ stdout }: CliResult): number => JSON.parse(stdout).lines_read as number;

/** The rows that the plain log gives. */
async function rowsOf(content: Uint8Array): Promise<unknown> {
  const place = await site.newPlace();
  expect(await ingest(place, fileOf('plain.text', content))).toMatchObject({ code: 0 });
  return await statisticsRows(place);
}

describe.each(ARCHIVES)('a log compressed with $kind', ({ bytes }) => {
  it('is read under any name, and counts once with the plain log', async () => {
    const place = await site.newPlace();
    expect(await ingest(place, fileOf('photo.jpeg', bytes))).toMatchObject({ code: 0, stderr: '' });
    expect(await statisticsRows(place)).toEqual(await rowsOf(CONTENT));
    expect(linesOf(await ingest(place, fileOf('plain.log', CONTENT)))).toBe(0);
  });

  it('is read from standard input, and counts once with the file', async () => {
    const place = await site.newPlace();
    expect(await ingest(place, '-', { input: bytes })).toMatchObject({ code: 0, stderr: '' });
    expect(await statisticsRows(place)).toEqual(await rowsOf(CONTENT));
    expect(linesOf(await ingest(place, fileOf('a.log', bytes)))).toBe(0);
    expect(linesOf(await ingest(place, '-', { input: bytes }))).toBe(0);
  });

  it('and cut off counts up to the cut, says so, and when it is whole the rest is read', async () => {
    const place = await site.newPlace();
    const cut = await ingest(place, fileOf('a.log', bytes.subarray(0, bytes.length - 400)));
    expect(cut).toMatchObject({ code: 1 });
    expect(cut.stderr).toContain('TRUNCATED_ARCHIVE');
    expect(JSON.parse(cut.stdout)).toMatchObject({ rejected: 0 });
    const whole = await ingest(place, fileOf('a.log', bytes));
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(cut) + linesOf(whole)).toBe(LINES);
    expect(await statisticsRows(place)).toEqual(await rowsOf(CONTENT));
  });
});

describe('a compressed log', () => {
  it('with damage counts up to it, says where, and when it is sound the rest is read', async () => {
    const place = await site.newPlace();
    const first = gzip([CONTENT.subarray(0, 7777)]);
    const bytes = gzip([CONTENT.subarray(0, 7777), CONTENT.subarray(7777)]);
    const damaged = Buffer.from(bytes)
      .fill(0, first.length, first.length + 1)
      .fill(1, first.length + 1, first.length + 9);
    const broken = await ingest(place, fileOf('a.log', damaged));
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('CORRUPT_ARCHIVE');
    expect(broken.stderr).toMatch(/at byte \d+ .* 7777 decompressed bytes/);
    const sound = await ingest(place, fileOf('a.log', bytes));
    expect(sound).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(broken) + linesOf(sound)).toBe(LINES);
    expect(await statisticsRows(place)).toEqual(await rowsOf(CONTENT));
  });

  it('of which half was read as a plain log goes on where it was after the rotation', async () => {
    const place = await site.newPlace();
    const { logs } = site;
    const half = CONTENT.subarray(0, CONTENT.indexOf('\n', 6000) + 1);
    fileOf('logs/app.log', half);
    const before = linesOf(await ingest(place, logs));
    fileOf('logs/app.log.1.gz', gzip([CONTENT]));
    fileOf(
      'logs/app.log',
      Buffer.from(`${lineOf({ eventTimeMs: 0, customerId: 'new', status: 200, durationUs: 1 })}\n`),
    );
    const after = await ingest(place, logs);
    expect(after).toMatchObject({ code: 0, stderr: '' });
    expect(before + linesOf(after)).toBe(LINES + 1);
  });

  it('that is still being written while it is followed is not reported, and is read when it is whole', async () => {
    const place = await site.newPlace();
    const { logs } = site;
    const line = `${lineOf({ eventTimeMs: 0, customerId: 'x', status: 200, durationUs: 1 })}\n`;
    const other = fileOf('logs/other.log', Buffer.from(line));
    const running = start(['ingest', '--follow', '--json', logs], { env: envOf(place.location) });
    await running.says('following');
    const bytes = gzip([CONTENT]);
    const path = fileOf('logs/app.log.1.gz', bytes.subarray(0, 5));
    let others = 1;
    for (let at = 5; at < bytes.length; at += 1000) {
      appendFileSync(path, bytes.subarray(at, at + 1000));
      // When a line that is written now is counted, the program has seen the archive as it is.
      appendFileSync(other, line);
      others++;
      await until(async () => (await acceptedLines(place)) >= others);
    }
    await until(async () => (await acceptedLines(place)) >= LINES + others);
    running.process.kill('SIGTERM');
    const { stderr, stdout } = await running.ended;
    expect(stderr).not.toContain('ARCHIVE');
    expect(JSON.parse(stdout)).toMatchObject({ accepted: LINES + others, rejected: 0 });
  });

  it('gives the same rows after any number of kills in the middle of it', async () => {
    const place = await site.newPlace();
    const lines = randomRequests(120_000, 11).map((request) => `${lineOf(request)}\n`);
    const content = Buffer.from(lines.join(''));
    const path = fileOf('big.gz', gzip([content.subarray(0, 3_000_001), content.subarray(3_000_001)]));
    const random = randomNumbers(5);
    const env = envOf(place.location);
    expect((await run(['migrate'], { env })).code).toBe(0);
    for (let kills = 0; kills < 6; kills++) {
      const before = await acceptedLines(place);
      const running = start(['ingest', path, '--batch-lines', '500'], { env });
      const hasEnded = () => running.process.exitCode !== null;
      await until(async () => hasEnded() || (await acceptedLines(place)) > before);
      await delay(random() * 30);
      running.process.kill('SIGKILL');
      expect((await running.ended).signal).toBe('SIGKILL');
    }
    expect(await ingest(place, path)).toMatchObject({ code: 0, stderr: '' });
    expect(await acceptedLines(place)).toBe(lines.length);
    expect(await statisticsRows(place)).toEqual(await rowsOf(content));
  });

  it('in a directory with its plain original counts once', async () => {
    const place = await site.newPlace();
    const { logs } = site;
    fileOf('logs/app.log.1', CONTENT);
    fileOf('logs/app.log.1.gz', gzip([CONTENT]));
    for (const expected of [LINES, 0]) {
      const result = await ingest(place, logs);
      expect(result.code).toBe(0);
      expect(result.stderr).toContain('SAME_CONTENT');
      expect(linesOf(result)).toBe(expected);
    }
    renameSync(join(logs, 'app.log.1'), join(site.directory, 'gone'));
    expect(linesOf(await ingest(place, logs))).toBe(0);
  });
});

async function acceptedLines(place: StorePlace): Promise<number> {
  const rows = await place.query('select sum(accepted) as accepted from checkpoints');
  return Number(rows[0]?.accepted ?? 0);
}
