import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REJECTION_REASONS } from '../../src/log-format/types.ts';
import { envOf, run, start } from '../support/cli.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const line = (date: string, customer = 'cust_1') => `${date} 05:10:46 ${customer} /api 200 0.316\n`;
const GOOD = line('2024-10-02');
/** What would colour a terminal, ring its bell, turn its text around and set its title. */
const HOSTILE = '\u001b[31m\u0007\u202e\u009d0;title';
/** A newline is what ends what the program prints. */
const UNPRINTABLE = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/u;

describe.each(STORE_KINDS)('what was read into $name', (kind) => {
  let place: StorePlace;
  let directory: string;
  let logs: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    place = await kind.createPlace();
    directory = mkdtempSync(join(tmpdir(), 'daymark-ledger-'));
    logs = join(directory, 'logs');
    mkdirSync(logs);
    env = { ...envOf(place.location), LOGS_SOURCE_DIR: logs };
  });

  afterEach(async () => {
    await place.dispose();
    rmSync(directory, { recursive: true });
  });

  /** Runs a command that is to do well. @returns what it printed. */
  async function printed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(args, { env });
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }
  const json = async (...args: string[]) => JSON.parse(await printed(...args, '--json'));

  describe('sources', () => {
    it('lists each file with its ledger, and the sum of them', async () => {
      writeFileSync(join(logs, 'a.log'), `${GOOD}broken\n\n${GOOD}`);
      writeFileSync(join(logs, 'b.log'), line('2024-10-03'));
      await printed('ingest');
      const { sources, total } = await json('sources');
      expect(sources).toMatchObject([
        {
          name: join(logs, 'a.log'),
          state: 'finished',
          bytes: 2 * GOOD.length + 8,
          lines: 4,
          accepted: 2,
          rejected: 2,
          rejected_by_reason: { empty_line: 1, invalid_timestamp: 1 },
          late: 0,
          dropped: 0,
          excluded: 0,
        },
        { name: join(logs, 'b.log'), lines: 1, accepted: 1, rejected: 0, rejected_by_reason: {} },
      ]);
      expect(total).toEqual({ lines: 5, accepted: 3, rejected: 2, late: 0, dropped: 0, excluded: 0 });
      for (const { added, moved } of sources)
        for (const time of [added, moved]) expect(new Date(time).toISOString()).toBe(time);
      const table = await printed('sources');
      expect(table).toContain(join(logs, 'a.log'));
      expect(table).toMatch(/^all +5 +3 +2 +0 +0 +0$/m);
      expect(table).toMatch(/^ {2}invalid_timestamp +1$/m);
    });

    it('says that nothing was read where that is so, and what is missing where there is no store', async () => {
      expect(await run(['sources'], { env })).toMatchObject({ code: 1, stdout: '' });
      expect((await run(['sources'], { env })).stderr).toContain('SCHEMA_MISSING');
      await printed('migrate');
      expect((await run(['sources'], { env })).stderr).toContain('nothing was read yet');
      expect(await json('sources')).toMatchObject({ sources: [] });
    });

    it('adds up at every moment while the log is followed', async () => {
      const log = join(logs, 'a.log');
      writeFileSync(log, GOOD);
      const running = start(['ingest', '--follow', '--batch-lines', '3'], { env });
      await running.says('following');
      for (let i = 0; i < 8; i++) {
        appendFileSync(log, `${GOOD}broken\n`.repeat(50));
        const { sources, total } = await json('sources');
        const [{ lines, accepted, rejected, rejected_by_reason }] = sources;
        expect(lines).toBe(accepted + rejected);
        expect(rejected_by_reason.invalid_timestamp ?? 0).toBe(rejected);
        expect(total.lines).toBe(lines);
      }
      running.process.kill('SIGTERM');
      expect((await running.ended).code).toBe(0);
    });
  });

  describe('rejected', () => {
    it('prints kept lines by file and place, and how many more there are', async () => {
      writeFileSync(join(logs, 'b.log'), `${GOOD}broken\n\n`);
      writeFileSync(join(logs, 'a.log'), `${line('2024-10-03')}${'never a time\n'.repeat(1200)}`);
      await printed('ingest', '--max-rejected-percent', '100');
      const all = await json('rejected', '--limit', '5000');
      expect(all).toMatchObject({ counted: 1202, kept: 1002 });
      expect(all.lines).toHaveLength(1002);
      const offsets = all.lines.slice(0, 1000).map((one: { offset: number }) => one.offset);
      expect(offsets).toEqual(Array.from({ length: 1000 }, (_, i) => GOOD.length + 13 * i));
      expect(all.lines.slice(1000)).toEqual([
        { file: join(logs, 'b.log'), offset: GOOD.length, reason: 'invalid_timestamp', excerpt: 'broken' },
        { file: join(logs, 'b.log'), offset: GOOD.length + 7, reason: 'empty_line', excerpt: '' },
      ]);
      const { stdout, stderr } = await run(['rejected'], { env });
      expect(stdout.trimEnd().split('\n')).toHaveLength(101);
      expect(stderr).toContain(
        '100 of 1,202 rejected lines; 902 more are kept, see --limit; 200 more were counted',
      );
    });

    it('finds those of one file, by its path, its name or its id, and of some reasons', async () => {
      writeFileSync(join(logs, 'a.log'), `${GOOD}broken\n`);
      writeFileSync(join(logs, 'b.log'), `${line('2024-10-03')}broken\n\n`);
      await printed('ingest', '--max-rejected-percent', '100');
      const { sources } = await json('sources');
      for (const source of ['b.log', join(logs, 'b.log'), sources[1].id]) {
        const { lines, counted } = await json('rejected', '--source', source);
        expect(counted).toBe(2);
        expect(lines.map(({ file }: { file: string }) => file)).toEqual(Array(2).fill(join(logs, 'b.log')));
      }
      expect(await json('rejected', '--reason', 'empty_line')).toMatchObject({
        counted: 1,
        lines: [{ reason: 'empty_line' }],
      });
      expect(
        await json('rejected', '--reason', 'empty_line,invalid_timestamp', '--limit', '2'),
      ).toMatchObject({
        counted: 3,
        lines: [{ file: join(logs, 'a.log') }, { file: join(logs, 'b.log'), reason: 'invalid_timestamp' }],
      });
      const unknown = await run(['rejected', '--source', 'c.log'], { env });
      expect(unknown.stderr).toContain('NO_SUCH_SOURCE: No file "c.log" was read.');
      const mistyped = await run(['rejected', '--reason', 'invalid_status,emty_line'], { env });
      expect(mistyped.stderr).toContain('Did you mean empty_line?');
      const strange = await run(['rejected', '--reason', 'foo'], { env });
      for (const reason of Object.keys(REJECTION_REASONS)) expect(strange.stderr).toContain(reason);
      expect((await run(['rejected', '--limit', '0'], { env })).code).toBe(2);
    });

    it('prints CSV in which nothing is a formula', async () => {
      writeFileSync(join(logs, 'a.log'), `${GOOD}=cmd|' /C calc'!A0,"x"\n`);
      await printed('ingest');
      const [header, row] = (await printed('rejected', '--csv')).split('\n');
      expect(header).toBe('file,offset,reason,excerpt');
      expect(row).toBe(`${join(logs, 'a.log')},${GOOD.length},invalid_timestamp,"'=cmd|' /C calc'!A0,""x"""`);
    });
  });

  it('lets nothing through that a terminal obeys, neither of lines nor of names of files', async () => {
    writeFileSync(join(logs, `${HOSTILE}.log`), `${GOOD}${HOSTILE} broken\n`);
    writeFileSync(join(logs, `${HOSTILE}-1.log`), GOOD);
    const { stderr } = await run(['ingest'], { env });
    expect(stderr).toContain('SAME_CONTENT');
    expect(stderr).not.toMatch(UNPRINTABLE);
    for (const args of [['sources'], ['rejected'], ['rejected', '--csv'], ['sources', '--json']]) {
      const { stdout } = await run(args, { env });
      expect(stdout).toContain('.log');
      expect(stdout).not.toMatch(UNPRINTABLE);
    }
    const { lines } = await json('rejected');
    expect(lines[0].file).toBe(join(logs, `${HOSTILE}.log`));
  });
});
