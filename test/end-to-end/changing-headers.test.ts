/** W3C extended logs whose columns change in the middle, read by the program in every way that it reads logs. */

import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type CliOptions, envOf, run, start } from '../support/cli.ts';
import { statisticsRows } from '../support/rows.ts';
import { siteOfEachTest } from '../support/site.ts';
import type { StorePlace } from '../support/sqlite-place.ts';
import { until } from '../support/until.ts';

const HEADERS = [
  ['#Fields: date time c-ip cs-username cs-uri-stem sc-status time-taken', 'D T I U P S M'],
  ['#Fields: date time cs-username c-ip sc-status time-taken sc-bytes', 'D T U I S M 404'],
  ['#Fields: time-taken sc-status cs-username date time c-ip', 'M S U D T I'],
] as const;

/** Lines of 200 customers under headers that change after each `each` lines. */
function logOf(lines: number, each: number): string {
  const text: string[] = ['#Software: Microsoft Internet Information Services 10.0\n'];
  for (let i = 0; i < lines; i++) {
    const [header, pattern] = HEADERS[Math.floor(i / each) % HEADERS.length] as (typeof HEADERS)[number];
    if (i % each === 0) text.push(`${header}\n`);
    const values: Record<string, string> = {
      ...{ D: '2024-10-02', T: `0${i % 10}:10:${10 + (i % 50)}`, I: `192.0.2.${i % 250}` },
      ...{ U: `cust_${i % 200}`, P: '/a', S: i % 7 === 0 ? '500' : '200', M: String(100 + (i % 500)) },
    };
    text.push(`${pattern.replace(/[A-Z]/g, (letter) => values[letter] ?? '')}\n`);
  }
  return text.join('');
}

const ENV = { LOG_FORMAT: 'iis' };

const site = siteOfEachTest('w3c');

async function ingest(
  place: StorePlace,
  path: string,
  args: readonly string[] = [],
  options: CliOptions = {},
) {
  const result = await run(['ingest', path, '--json', ...args], {
    ...options,
    env: { ...envOf(place.location), ...ENV },
  });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(result.stdout);
}

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(site.directory, name);
  writeFileSync(path, content);
  return path;
}

/** The rows of a log that is read at one go. */
async function rowsOf(text: string): Promise<unknown> {
  const place = await site.newPlace();
  await ingest(place, fileOf('whole.log', text), ['--workers', '1']);
  return await statisticsRows(place);
}

describe('a log whose columns change', () => {
  it('gives the same rows with several workers as with one', async () => {
    const text = logOf(700_000, 150_000);
    const place = await site.newPlace();
    fileOf('a.log', text);
    fileOf('b.log', `#Software: Another\n${text}${text}`);
    const several = await ingest(place, site.directory, ['--workers', '2', '--batch-lines', '100000']);
    const one = await site.newPlace();
    expect(await ingest(one, site.directory, ['--workers', '1'])).toMatchObject({
      accepted: several.accepted,
    });
    expect(await statisticsRows(place)).toEqual(await statisticsRows(one));
    // Reading has a low priority, and other tests run beside it: what takes 20 s alone took over two minutes.
  }, 300_000);

  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])(
    'is read on in a new process where the last one stopped: %s',
    async (_, compressed) => {
      const text = logOf(5_000, 700);
      const place = await site.newPlace();
      for (const length of [10, 20_000, 20_001, 90_000, text.length]) {
        const end = text.indexOf('\n', length) + 1 || text.length;
        await ingest(place, fileOf('a.log', compressed(text.slice(0, end))));
      }
      expect(await statisticsRows(place)).toEqual(await rowsOf(text));
    },
    60_000,
  );

  it('is read on from standard input, which is piped in again', async () => {
    const text = logOf(5_000, 700);
    const place = await site.newPlace();
    for (const length of [90_000, text.length]) {
      const input = text.slice(0, text.indexOf('\n', length) + 1 || text.length);
      await ingest(place, '-', [], { input });
    }
    expect(await statisticsRows(place)).toEqual(await rowsOf(text));
  });

  it('is followed, and is no log where it was truncated and goes on without a header', async () => {
    const { logs } = site;
    const path = join(logs, 'u_ex.log');
    const lines = logOf(50, 7).split(/(?<=\n)/);
    const place = await site.newPlace();
    writeFileSync(path, lines.slice(0, 4).join(''));
    const program = start(['ingest', '--follow', logs], { env: { ...envOf(place.location), ...ENV } });
    const rows = async () => JSON.stringify(await statisticsRows(place));
    try {
      await program.says('following');
      for (const [from, to] of [
        [0, 4],
        [4, 12],
        [12, 13],
        [13, 30],
        [30, lines.length],
      ] as const) {
        if (from > 0) appendFileSync(path, lines.slice(from, to).join(''));
        const expected = JSON.stringify(await rowsOf(lines.slice(0, to).join('')));
        await until(async () => (await rows()) === expected);
      }
      truncateSync(path, 0);
      appendFileSync(path, (lines.at(-1) ?? '').repeat(3));
      expect(await program.says('unknown_columns')).toContain('NO_LINE_UNDERSTOOD');
      expect(await rows()).toBe(JSON.stringify(await rowsOf(lines.join(''))));
    } finally {
      program.process.kill('SIGTERM');
      await program.ended;
    }
  }, 60_000);
});
