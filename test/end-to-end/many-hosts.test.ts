/** `ingest` on several hosts, all into one PostgreSQL. Each host is a process with a log directory and a host name of its own. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CliResult, envOf, type RunningCli, run, start } from '../support/cli.ts';
import { CountedLines, lineOf } from '../support/counted-lines.ts';
import { eventually } from '../support/eventually.ts';
import { POSTGRES, type StorePlace } from '../support/stores.ts';

const HOST_NAME = join(import.meta.dirname, '../support/host-name.mjs');
/** What a load balancer asks each server all the time. */
const HEALTH_CHECKS = Array.from({ length: 50 }, () => lineOf('balancer', 0)).join('');

let place: StorePlace;
let directory: string;
let lines: CountedLines;
const running: RunningCli[] = [];

beforeEach(async () => {
  place = await POSTGRES.createPlace();
  directory = mkdtempSync(join(tmpdir(), 'daymark-hosts-'));
  lines = new CountedLines();
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.process.kill('SIGKILL');
    await one.ended;
  }
  await place.dispose();
  rmSync(directory, { recursive: true });
});

interface Host {
  readonly log: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @param sourceName undefined: none is set. */
function hostOf(name: string, sourceName: string | undefined): Host {
  const logs = join(directory, name);
  mkdirSync(logs, { recursive: true });
  const env = { ...envOf(place.location), LOGS_SOURCE_DIR: logs, TEST_HOST: name };
  const named = sourceName === undefined ? {} : { SOURCE_NAME: sourceName };
  return { log: join(logs, 'api.log'), env: { ...env, ...named, NODE_OPTIONS: `--import=${HOST_NAME}` } };
}

function follow({ env }: Host): RunningCli {
  const one = start(['ingest', '--follow'], { env });
  running.push(one);
  return one;
}

async function ingest({ env }: Host): Promise<CliResult> {
  const result = await run(['ingest', '--json'], { env });
  expect(result.code, result.stderr).toBe(0);
  return result;
}

async function counted(): Promise<Record<string, number>> {
  const rows = await place.query(
    'select customer_id, sum(success_requests + failed_requests) as requests from daily_stats group by customer_id',
  );
  return Object.fromEntries(rows.map((row) => [row.customer_id, Number(row.requests)]));
}

const allCount = () => eventually(counted).toEqual(Object.fromEntries(lines.requests));

describe('Hosts with names', () => {
  test('count equal lines of both, while they follow, and show whose each log is', async () => {
    const hosts = [hostOf('a', 'web-1'), hostOf('b', 'web-2')];
    for (const { log } of hosts) {
      writeFileSync(log, HEALTH_CHECKS);
      lines.expectAgain(HEALTH_CHECKS);
    }
    const followers = hosts.map(follow);
    await allCount();
    // They go on in different ways, and in the same way.
    for (const { log } of hosts) appendFileSync(log, lines.lines(20));
    for (const { log } of hosts) {
      appendFileSync(log, HEALTH_CHECKS);
      lines.expectAgain(HEALTH_CHECKS);
    }
    await allCount();
    for (const follower of followers) follower.process.kill('SIGTERM');
    for (const { code, stderr } of await Promise.all(followers.map(({ ended }) => ended))) {
      expect(code).toBe(0);
      expect(stderr).not.toContain('READ_BY_TWO_HOSTS');
    }
    const { stdout } = await run(['sources', '--json'], { env: envOf(place.location) });
    const { sources } = JSON.parse(stdout) as { sources: Record<string, unknown>[] };
    expect(sources.map((one) => [one.source_name, one.lines, one.reader])).toEqual([
      ['web-1', 120, null],
      ['web-2', 120, null],
    ]);
    const text = await run(['sources'], { env: envOf(place.location) });
    expect(text.stdout).toMatch(/source name.*web-1.*web-2/s);
    const day = await run(['sources', '--date', '2024-10-02', '--json'], { env: envOf(place.location) });
    const found = (JSON.parse(day.stdout) as { sources: { source_name: string }[] }).sources;
    expect(found.map((one) => one.source_name).sort()).toEqual(['web-1', 'web-2']);
  });

  test('take over what they read before they had names, and count nothing twice', async () => {
    const [before, after, other] = [hostOf('a', undefined), hostOf('a', 'web-1'), hostOf('b', 'web-2')];
    writeFileSync(before.log, lines.lines(30));
    await ingest(before);
    await ingest(after);
    await allCount();
    appendFileSync(after.log, lines.lines(5));
    await ingest(after);
    await allCount();
    // The same log on another host is another one from now on.
    const text = lines.lines(0) + HEALTH_CHECKS;
    for (const { log } of [after, other]) {
      writeFileSync(log, text);
      lines.expectAgain(text);
    }
    await ingest(after);
    await ingest(other);
    await allCount();
    await ingest(other);
    await allCount();
  });

  test('count standard input of both', async () => {
    for (const { env } of [hostOf('a', 'web-1'), hostOf('b', 'web-2'), hostOf('a', 'web-1')])
      expect((await run(['ingest', '-'], { env, input: HEALTH_CHECKS })).code).toBe(0);
    expect(await counted()).toEqual({ balancer: 100 });
  });

  test('are not rebuilt from the logs of one of them', async () => {
    const hosts = [hostOf('a', 'web-1'), hostOf('b', 'web-2')];
    for (const host of hosts) {
      writeFileSync(host.log, lines.lines(5));
      await ingest(host);
    }
    const [own, other] = hosts as [Host, Host];
    const { code, stderr } = await run(['rebuild'], { env: own.env });
    expect(code).toBe(1);
    expect(stderr).toContain(other.log);
    expect(stderr).not.toContain(own.log);
    await allCount();
  });

  test('with the same name and the same log say so, and each line counts once', async () => {
    const hosts = [hostOf('a', 'web'), hostOf('b', 'web')];
    const write = (text: string) => {
      for (const { log } of hosts) appendFileSync(log, text);
    };
    write(lines.lines(10));
    const followers = hosts.map(follow);
    for (const follower of followers) await follower.says('following');
    await allCount();
    let said = '';
    await eventually(async () => {
      write(lines.lines(3));
      await allCount();
      said = (await Promise.all(followers.map((one) => one.says('')))).join('');
      return said;
    }).toContain('READ_BY_TWO_HOSTS');
    expect(said).toMatch(/is read by the host [ab] and by the host [ab], with SOURCE_NAME=web\./);
    await allCount();
  });
});

describe('Hosts without names', () => {
  test('that read one log say so, and each line counts once', async () => {
    const hosts = [hostOf('shared', undefined), hostOf('shared', undefined)].map((host, i) => ({
      ...host,
      env: { ...host.env, TEST_HOST: `host-${i}` },
    }));
    const log = hosts[0]?.log ?? '';
    writeFileSync(log, lines.lines(10));
    const followers = hosts.map(follow);
    for (const follower of followers) await follower.says('following');
    await eventually(async () => {
      appendFileSync(log, lines.lines(3));
      await allCount();
      return (await Promise.all(followers.map((one) => one.says('')))).join('');
    }).toMatch(/is read by the host host-[01] and by the host host-[01], without a SOURCE_NAME\./);
    await allCount();
  });
});

test('a name that no log can have is refused', async () => {
  const env = { ...envOf(place.location), LOGS_SOURCE_DIR: directory, SOURCE_NAME: 'a\u0007b' };
  const { code, stderr } = await run(['ingest'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain('SOURCE_NAME');
});
