/** Logs and archives that begin with the same long header, and go on differently: none of them is a copy. */

import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';
import { headerOf } from '../support/counted-lines.ts';
import { FollowedLogs } from '../support/followed-logs.ts';

const HEADER = headerOf(1_800);

let logs: FollowedLogs;

beforeEach(async () => {
  logs = await FollowedLogs.open();
});

afterEach(() => logs.close());

const byProgram = (program: string) => (content: string) => execFileSync(program, ['-c'], { input: content });

const KINDS = [
  { ending: '.gz', compress: (content: string) => gzipSync(content) },
  { ending: '.zst', compress: (content: string) => zstdCompressSync(content) },
  { ending: '.bz2', compress: byProgram('bzip2') },
  { ending: '.xz', compress: byProgram('xz') },
];

/** The content of another log that begins with the header. */
function contentOf(lines: number): string {
  logs.lines.expectAgain(HEADER);
  return HEADER + logs.lines.lines(lines);
}

async function ingest(): Promise<void> {
  const { code, stderr } = await run(['ingest', logs.directory], { env: logs.env });
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('SAME_CONTENT') });
}

/** Writes archives that differ behind their headers: most by a line or two, some by thousands. */
function writeArchives(count: number, { ending, compress }: (typeof KINDS)[number]): void {
  for (let i = 0; i < count; i++) {
    const content = contentOf(i % 5 === 4 ? 3_000 : 1 + (i % 3));
    writeFileSync(logs.path(`app-${String(i).padStart(2, '0')}.log-20241002${ending}`), compress(content));
  }
}

describe.each(KINDS)('archives ($ending) with the same first 1,800 bytes', (kind) => {
  it.each([12, 30])('are all read by a run: %i of them', async (count) => {
    writeArchives(count, kind);
    await ingest();
    await logs.untilCounted();
    await ingest();
    await logs.untilCounted();
  });

  it('are all read by a follower, one after the other and at once, and new plain logs beside them', async () => {
    writeArchives(4, kind);
    await logs.follow();
    for (let i = 0; i < 6; i++) {
      writeFileSync(logs.path(`later-${i}.log${kind.ending}`), kind.compress(contentOf(1 + i)));
      writeFileSync(logs.path(`short-${i}.log`), contentOf(1));
      if (i % 2 === 0) await logs.looked();
      appendFileSync(logs.path(`short-${i}.log`), logs.lines.lines(2));
    }
    await logs.expectCountedOnce();
  });
});

describe('logs with the same first 1,800 bytes', () => {
  it('are all read beside archives of every kind that begin so, too', async () => {
    for (const [index, { ending, compress }] of KINDS.entries()) {
      writeFileSync(logs.path(`old.log.${index}${ending}`), compress(contentOf(3)));
      writeFileSync(logs.path(`app-${index}.log`), contentOf(1));
    }
    await ingest();
    await logs.untilCounted();
    for (const [index, { ending, compress }] of KINDS.entries()) {
      writeFileSync(logs.path(`new.log.${index}${ending}`), compress(contentOf(2)));
      writeFileSync(logs.path(`new-${index}.log`), contentOf(1));
      appendFileSync(logs.path(`app-${index}.log`), logs.lines.lines(1));
    }
    await ingest();
    await logs.untilCounted();
  });

  it('are all read though those before them are gone', async () => {
    writeFileSync(logs.path('app.log'), contentOf(200));
    await ingest();
    for (let i = 0; i < 5; i++) {
      rmSync(logs.path('app.log'));
      writeFileSync(logs.path('app.log'), contentOf(1 + (i % 2)));
      await ingest();
      await logs.untilCounted();
    }
  });

  it('go on as themselves when they are rotated, and compressed in every way', async () => {
    await logs.follow();
    for (let i = 0; i < 8; i++) {
      const content = contentOf(2 + i);
      writeFileSync(logs.path('app.log'), content);
      if (i % 2 === 0) await logs.looked();
      const kind = KINDS[i % KINDS.length] as (typeof KINDS)[number];
      renameSync(logs.path('app.log'), logs.path('app.log.1'));
      writeFileSync(logs.path(`app.log.${i + 2}${kind.ending}`), kind.compress(content));
      rmSync(logs.path('app.log.1'));
    }
    await logs.expectCountedOnce();
  });

  it('count once where there are copies of them, compressed and not, that go on or not', async () => {
    const content = contentOf(2_000);
    writeFileSync(logs.path('app.log'), content);
    await logs.follow();
    for (const { ending, compress } of KINDS) {
      writeFileSync(logs.path(`copy.log${ending}`), compress(content));
      writeFileSync(logs.path(`part.log${ending}`), compress(content.slice(0, 70_000)));
    }
    copyFileSync(logs.path('app.log'), logs.path('copy.log'));
    await logs.looked();
    logs.write('app.log', 10);
    await logs.expectCountedOnce();
    await logs.follower.stop();
    expect((await run(['ingest', logs.directory], { env: logs.env })).code).toBe(0);
    await logs.untilCounted();
  });
});
