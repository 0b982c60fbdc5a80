import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { envOf, run, start } from '../support/cli.ts';
import { lineOf, randomNumbers, randomRequests } from '../support/random-log.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { siteOfEachTest } from '../support/site.ts';
import type { StorePlace } from '../support/sqlite-place.ts';
import { until } from '../support/until.ts';

const site = siteOfEachTest('wrapped');

const contentsOf = async (place: StorePlace) => ({
  rows: await statisticsRows(place),
  ledger: await ledger(place),
});

const LINES = 400_000;

/** Lines of two streams that take turns, some of them in two parts. Each character stands for a byte. */
function criLog(bare: readonly string[]): string {
  const random = randomNumbers(5);
  const queues: string[][] = [[], []];
  const out: string[] = [];
  for (const line of bare) {
    const stream = random() < 0.5 ? 0 : 1;
    const cuts = [0, ...(random() < 0.1 ? [Math.floor(random() * line.length)] : []), line.length];
    for (let i = 1; i < cuts.length; i++) {
      const tag = i < cuts.length - 1 ? 'P' : 'F';
      const name = stream === 0 ? 'stdout' : 'stderr';
      queues[stream].push(
        `2022-01-28T16:04:05.413656027Z ${name} ${tag} ${line.slice(cuts[i - 1], cuts[i])}\n`,
      );
    }
    while (queues.some((queue) => queue.length > 4)) {
      const next = queues[random() < 0.5 ? 0 : 1].shift();
      if (next !== undefined) out.push(next);
    }
  }
  return [...out, ...queues.flat()].join('');
}

describe('the log of a container', () => {
  it('gives the rows of its lines, whoever reads it and however often it is killed', async () => {
    const bare = randomRequests(LINES, 3).map(lineOf);
    const byteTexts = bare.map((line) => Buffer.from(line).toString('latin1'));
    writeFileSync(join(site.logs, 'a.log'), criLog(byteTexts), 'latin1');
    const bareLogs = join(site.directory, 'bare');
    mkdirSync(bareLogs);
    writeFileSync(join(bareLogs, 'a.log'), bare.map((line) => `${line}\n`).join(''));
    const expected = await site.newPlace();
    expect((await run(['ingest', bareLogs], { env: envOf(expected.location) })).code).toBe(0);
    const { rows, ledger: counts } = await contentsOf(expected);

    for (const flags of [
      ['--workers', '1'],
      ['--workers', '3', '--batch-lines', '40000'],
    ]) {
      const place = await site.newPlace();
      const env = { ...envOf(place.location), LOG_WRAPPER: 'cri' };
      expect(await run(['ingest', site.logs, ...flags], { env })).toMatchObject({ code: 0 });
      const found = await contentsOf(place);
      expect(found.rows).toEqual(rows);
      expect(found.ledger).toMatchObject({ lines: counts.lines, accepted: counts.accepted });
    }

    const killed = await site.newPlace();
    const env = { ...envOf(killed.location), LOG_WRAPPER: 'cri' };
    const committed = async () => (await ledger(killed).catch(() => undefined))?.bytes ?? 0;
    for (let kills = 0; kills < 4; kills++) {
      const before = await committed();
      const running = start(['ingest', site.logs, '--batch-lines', '1000'], { env });
      await until(async () => running.process.exitCode !== null || (await committed()) > before);
      running.process.kill('SIGKILL');
      expect((await running.ended).signal).toBe('SIGKILL');
    }
    expect(await run(['ingest', site.logs], { env })).toMatchObject({ code: 0 });
    const found = await contentsOf(killed);
    expect(found.rows).toEqual(rows);
    expect(found.ledger).toMatchObject({ lines: counts.lines, accepted: counts.accepted });
  });

  it('that is followed waits for the last part of a line', async () => {
    const path = join(site.logs, 'a.log');
    const wrap = (tag: string, text: string) => `2022-01-28T16:04:05.413656027Z stdout ${tag} ${text}\n`;
    writeFileSync(
      path,
      wrap('F', '2024-10-02 05:10:46 first /api 200 0.1') + wrap('P', '2024-10-02 05:10:4'),
    );
    const place = await site.newPlace();
    const running = start(['ingest', '--follow', site.logs], {
      env: { ...envOf(place.location), LOG_WRAPPER: 'cri' },
    });
    const customers = async () =>
      (await statisticsRows(place).catch(() => [])).map(({ customer_id }) => customer_id);
    await until(async () => (await customers()).length === 1);
    appendFileSync(path, wrap('P', '7 sec') + wrap('F', 'ond /api 200 0.1'));
    await until(async () => (await customers()).length === 2);
    running.process.kill('SIGTERM');
    await running.ended;
    expect(await customers()).toEqual(['first', 'second']);
    expect(await ledger(place)).toMatchObject({ lines: 2, accepted: 2, rejected: 0 });
  });

  it('says in SETTINGS_CHANGED that it was read without its wrapper', async () => {
    const place = await site.newPlace();
    const env = { ...envOf(place.location), MAX_REJECTED_PERCENT: '100' };
    writeFileSync(
      join(site.logs, 'a.log'),
      '2024-10-02 05:10:46 first /api 200 0.1\n2022-01-28T16:04:05Z stdout F 2024-10-02 05:10:46 b /api 200 0.1\n',
    );
    expect((await run(['ingest', site.logs], { env })).code).toBe(0);
    const { stderr } = await run(['ingest', site.logs], { env: { ...env, LOG_WRAPPER: 'cri' } });
    expect(stderr).toContain('LOG_WRAPPER was not set and is `cri`');
  });
});

const ACCESS = '192.0.2.1 - bob [10/Jan/2015:00:00:00 +0000] "GET / HTTP/1.1" 200 9 "-" "curl \\x22 | {}: a"';

describe('check', () => {
  it.each([
    ['cri', `2022-01-28T16:04:05.413656027Z stdout F ${ACCESS}`],
    ['docker', JSON.stringify({ log: `${ACCESS}\n`, stream: 'stdout', time: '2021-08-24T09:52:13.2Z' })],
    ['syslog', `Feb  6 12:14:00 web1 nginx: ${ACCESS}`],
    ['syslog', `<190>1 2024-02-06T12:14:00.123Z web1 nginx 812 - - ${ACCESS}`],
    ['syslog', `2024-02-06T12:14:00+0000 web1 nginx[812]: ${ACCESS}`],
    ['compose', `web-1  | ${ACCESS}`],
    ['compose-timestamps', `web-1  | 2024-07-27T12:34:56.123456789Z ${ACCESS}`],
  ])('recognises %s, and recommends settings that read the log: %s', async (wrapper, line) => {
    const path = join(site.logs, 'a.log');
    writeFileSync(path, `startup of something else\n${line}\n${line}\n${line}\n`);
    const { stdout } = await run(['check', '--json', path]);
    const [file] = JSON.parse(stdout).files;
    expect(file).toMatchObject({
      log_wrapper: wrapper,
      log_format: 'combined',
      settings: { LOG_FORMAT: 'combined', LOG_WRAPPER: wrapper },
      accepted: 3,
      rejected_by_reason: { malformed_line: 1 },
    });
    expect(file.commands).toEqual([expect.stringContaining(`LOG_WRAPPER=${wrapper}`)]);
    const place = await site.newPlace();
    await run(['ingest', path], { env: { ...envOf(place.location), ...file.settings } });
    expect(await statisticsRows(place)).toMatchObject([{ customer_id: 'bob', success_requests: 3 }]);
  });

  it('says nothing of a wrapper where there is none, or where LOG_WRAPPER says so', async () => {
    const path = join(site.logs, 'a.log');
    writeFileSync(path, `${ACCESS}\n`);
    expect((await run(['check', path])).stdout).not.toContain('wrapper');
    writeFileSync(path, `web-1  | ${ACCESS}\n`);
    expect((await run(['check', path, '--log-wrapper', 'none'])).stdout).not.toContain('wrapper');
  });

  it.each([
    ['recognises no W3C extended log in a wrapper', []],
    ['does not take the wrapper off a W3C extended log', ['--log-format', 'iis']],
  ])('%s, because such settings are refused', async (_, flags) => {
    const path = join(site.logs, 'a.log');
    const lines = [
      '#Software: Microsoft Internet Information Services 10.0',
      '#Fields: date time c-ip cs-username cs-uri-stem sc-status time-taken',
      '2024-10-02 05:10:46 192.0.2.1 bob /a 200 316',
    ];
    const entries = lines.map((log) =>
      JSON.stringify({ log: `${log}\n`, stream: 'stdout', time: '2024-10-02T05:10:46Z' }),
    );
    writeFileSync(path, `${entries.join('\n')}\n`);
    const { stdout, stderr } = await run(['check', '--json', path, ...flags]);
    expect(stderr).not.toContain('INVALID_SETTING');
    expect(JSON.parse(stdout).files[0]).toMatchObject({ settings: {}, commands: [], accepted: 0 });
  });

  it('takes no wrapper off that a given format has in it', async () => {
    const path = join(site.logs, 'a.log');
    writeFileSync(path, `web-1  | ${ACCESS}\n`);
    const format = '{-service} | {-host} - {customer_id} [{timestamp:clf}] "{request}" {status} {...}';
    const { stdout } = await run(['check', '--json', path, '--log-format', format]);
    expect(JSON.parse(stdout).files[0]).toMatchObject({ log_wrapper: null, accepted: 1 });
  });
});

describe('a log with NULs', () => {
  const GOOD = `${ACCESS}\n`;
  const MANY = Buffer.alloc(4096);

  async function read(name: string, content: Uint8Array, input?: Uint8Array) {
    const place = await site.newPlace();
    if (!input) writeFileSync(join(site.logs, name), content);
    const env = { ...envOf(place.location), LOG_FORMAT: 'combined', MAX_REJECTED_PERCENT: '100' };
    const path = input ? '-' : join(site.logs, name);
    const { stdout } = await run(['ingest', '--json', path], input ? { env, input } : { env });
    const { accepted, rejected } = JSON.parse(stdout);
    return [accepted, rejected];
  }

  it('before its first line is read from there', async () => {
    const log = Buffer.concat([MANY, Buffer.from(GOOD.repeat(3))]);
    expect(await read('a.log', log)).toEqual([3, 0]);
    expect(await read('b.log.gz', gzipSync(log))).toEqual([3, 0]);
    expect(await read('', log, log)).toEqual([3, 0]);
  });

  it('in the place of some lines has a rejected line there', async () => {
    const log = Buffer.concat([Buffer.from(GOOD.repeat(3)), MANY, Buffer.from(GOOD.repeat(3))]);
    expect(await read('a.log', log)).toEqual([5, 1]);
    const cut = Buffer.concat([Buffer.from(GOOD + GOOD.slice(0, 40)), MANY, Buffer.from(GOOD.repeat(3))]);
    expect(await read('b.log', cut)).toEqual([3, 1]);
  });

  it('of many megabytes is read from the text on', async () => {
    const path = join(site.logs, 'a.log');
    writeFileSync(path, '');
    truncateSync(path, 300_000_000);
    appendFileSync(path, GOOD.repeat(3));
    const place = await site.newPlace();
    const env = { ...envOf(place.location), LOG_FORMAT: 'combined' };
    const { stdout } = await run(['ingest', '--json', path], { env });
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 3, rejected: 0 });
  });
});
