import { copyFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_TURN_MS, LOG_TURN_MS } from '../../../src/limits.ts';
import { checkAsync, runsOf } from '../../support/property.ts';
import { readOnce } from '../../support/steps.ts';
import {
  commitsOf,
  counted,
  follow,
  isCommitOf,
  LIVE,
  linesOf,
  NOW_MS,
  OLD,
  OLD_LINES,
  pathOf,
  turns,
  useTurns,
  writeLive,
} from '../../support/turns.ts';

useTurns();

describe('while logs are followed', () => {
  it('a large log gives way to the others with each commit that ends its turn', async () => {
    writeFileSync(pathOf('large.log'), OLD);
    writeFileSync(pathOf('live.log'), LIVE);
    const { events } = await follow({
      stepMs: LOG_TURN_MS / 3,
      at: (event) => {
        if (isCommitOf(event, 'large.log')) writeLive();
      },
    });
    const commits = commitsOf(events);
    const turns = commits.filter((names) => names.includes('large.log')).length;
    expect(turns).toBeGreaterThan(3);
    // What was turns.written during one is in the next commit, or in that which moves the large log on.
    for (const [i, names] of commits.slice(0, -1).entries())
      if (names.includes('large.log')) expect(commits[i + 1]).toContain('live.log');
    expect(await counted()).toEqual({ live: 40 + turns, old: OLD_LINES, other: 0 });
  });

  it('every line counts once, whatever happens between the turns of archives', () => {
    const operations = fc.constantFrom(
      'write',
      'rename',
      'replace by a copy',
      'stop',
      'other process',
      'nothing',
    );
    return checkAsync(
      fc.asyncProperty(
        fc.array(operations, { maxLength: 8 }),
        fc.integer({ min: 1, max: 2 * ARCHIVE_TURN_MS }),
        fc.constantFrom('gz', 'zst'),
        async (planned, stepMs, ending) => {
          await turns.place.dispose();
          await turns.openStore();
          for (const name of readdirSync(turns.directory)) rmSync(pathOf(name));
          turns.written = 0;
          writeFileSync(pathOf('live.log'), LIVE);
          const compress = ending === 'gz' ? gzipSync : zstdCompressSync;
          let name = `old.log.1.${ending}`;
          writeFileSync(pathOf(name), compress(OLD.subarray(0, OLD.indexOf('\n', 900_000) + 1)));
          writeFileSync(pathOf(`other.log.1.${ending}`), compress(linesOf('other', 9000)));
          const lines = readLines(OLD.subarray(0, OLD.indexOf('\n', 900_000) + 1));
          const left = [...planned];
          let isStopped = true;
          while (isStopped) {
            isStopped = false;
            await follow({
              stepMs,
              at: async (event, _, stop) => {
                if (event.kind !== 'commit') return;
                const operation = left.shift();
                if (operation === 'write') writeLive();
                if (operation === 'rename') {
                  const next = name.replace(/\d+/, (number) => String(Number(number) + 1));
                  renameSync(pathOf(name), pathOf(next));
                  name = next;
                }
                if (operation === 'replace by a copy') {
                  copyFileSync(pathOf(name), pathOf('copy'));
                  renameSync(pathOf('copy'), pathOf(name));
                }
                if (operation === 'other process')
                  await readOnce({ paths: [turns.directory], store: turns.store, nowMs: () => NOW_MS });
                if (operation === 'stop') {
                  isStopped = true;
                  stop();
                }
              },
            });
          }
          expect(await counted()).toEqual({ live: 40 + turns.written, old: lines, other: 9000 });
        },
      ),
      runsOf({ fast: 5, normal: 25, long: 500 }),
    );
  });
});

function readLines(bytes: Uint8Array): number {
  return bytes.reduce((lines, byte) => lines + Number(byte === 0x0a), 0);
}
