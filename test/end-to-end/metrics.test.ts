/** What `/metrics` says equals what the program did. */

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { hasPromtool, promtool, samplesOf } from '../support/metrics.ts';

const SAMPLE = join(import.meta.dirname, '../../logs/api_requests.log');
const REFERENCE = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
const BROKEN = 'no record\n2024-10-02 05:10:46 cust_40 /health 200 0.316\n\n';

let directory = '';
let env: Record<string, string> = {};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-metrics-'));
  const logs = join(directory, 'logs');
  mkdirSync(logs);
  copyFileSync(SAMPLE, join(logs, 'cust_1.log'));
  writeFileSync(join(logs, 'broken.log'), BROKEN.repeat(200));
  env = {
    ...{ DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: logs, PORT: '0', METRICS_PORT: '0' },
    ...{ EXCLUDE: 'path=/health*', MAX_REJECTED_PERCENT: '100' },
  };
});
afterEach(() => rmSync(directory, { recursive: true }));

function started(...args: string[]): RunningCli {
  const program = start(args, { env });
  onTestFinished(async () => {
    program.process.kill('SIGTERM');
    await program.ended;
  });
  return program;
}

async function urlIn(program: RunningCli, pattern: RegExp, text: string): Promise<string> {
  return pattern.exec(await program.says(text))?.[1] ?? expect.fail(`no URL behind "${text}"`);
}

const apiOf = (program: RunningCli) => urlIn(program, /serving .* on (http:[\w:./]+\d)/, 'serving');
const portOf = (program: RunningCli) => urlIn(program, /metrics are on (http:[\w:./]+)/, '/metrics');
const read = async (url: string) => (await fetch(url)).text();

/** Metrics of lines in the form of the ledger. */
function linesIn(samples: ReadonlyMap<string, number>, name: string, labels = ''): Record<string, number> {
  return Object.fromEntries(
    ['accepted', 'rejected', 'dropped', 'excluded'].map((outcome) => [
      outcome,
      samples.get(`${name}{${labels}outcome="${outcome}"}`) ?? Number.NaN,
    ]),
  );
}

describe('the metrics of up', () => {
  it('name no customer and no file, are all in the reference, and pass promtool', async () => {
    const program = started('up');
    await program.says('following');
    const text = await read(await portOf(program));
    expect(text).not.toContain('cust_');
    expect(text).not.toContain(directory);
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(
      names.filter((name) => !REFERENCE.includes(`## \`${name}\``) && !REFERENCE.includes(`- \`${name}\``)),
    ).toEqual([]);
    if (!hasPromtool) return;
    // What it thinks of the names that prom-client chose is not ours to change.
    const own = text.split(/^(?=# HELP )/m).filter((part) => part.startsWith('# HELP daymark_'));
    expect(own.length).toBeGreaterThan(20);
    expect(promtool(['check', 'metrics'], own.join(''))).toBe('0 ');
    expect(promtool(['check', 'metrics'], text)).not.toContain('error');
  });

  it('equal the status and the ledgers', async () => {
    const program = started('up');
    const api = await apiOf(program);
    await program.says('following');
    // A machine that is late answers 503 for a moment.
    await eventually(async () => (await fetch(`${api}/v1/status`)).status).toBe(200);
    const status = (await (await fetch(`${api}/v1/status`)).json()) as Record<string, number>;
    const { accepted, rejected, dropped, excluded } = status;
    const text = await read(`${api}/metrics`);
    const samples = samplesOf(text);
    expect({ accepted, rejected, dropped, excluded }).toEqual({
      ...{ accepted: 10_000, rejected: 400, dropped: 0, excluded: 200 },
    });
    expect(linesIn(samples, 'daymark_lines_total', 'source="files",')).toEqual({
      ...{ accepted, rejected, dropped, excluded },
    });
    expect(linesIn(samples, 'daymark_store_lines')).toEqual({ accepted, rejected, dropped, excluded });
    const reasons = [...samples].filter(([name]) => name.startsWith('daymark_rejected_lines_total'));
    expect(reasons.reduce((sum, [, lines]) => sum + lines, 0)).toBe(rejected);
    expect(samples.get('daymark_read_bytes_total{source="files"}')).toBe(
      statSync(SAMPLE).size + 200 * BROKEN.length,
    );
    expect(samples.get('daymark_lag_bytes{source="files"}')).toBe(0);
    expect(samples.get('daymark_store_up')).toBe(1);
    expect(samples.get('daymark_store_partitions{state="live"}')).toBe(2);
    expect(samples.get('daymark_store_last_commit_timestamp_seconds{database="SQLite"}')).toBe(
      Date.parse(String(status.last_commit)) / 1000,
    );
    const file = join(directory, 'data/daymark.db');
    const size = [file, `${file}-wal`, `${file}-shm`].reduce((sum, one) => sum + statSync(one).size, 0);
    expect(samples.get('daymark_store_size_bytes{database="SQLite"}')).toBe(size);
    expect(samples.get('daymark_commit_duration_seconds_count{source="files"}')).toBeGreaterThan(0);
  });
});

describe('the port of METRICS_PORT', () => {
  it('has the metrics of ingest --follow, and nothing else', async () => {
    const program = started('ingest', '--follow');
    const port = await portOf(program);
    await program.says('following');
    const samples = samplesOf(await read(port));
    expect(linesIn(samples, 'daymark_lines_total', 'source="files",')).toEqual({
      ...{ accepted: 10_000, rejected: 400, dropped: 0, excluded: 200 },
    });
    expect((await fetch(port.replace('/metrics', '/v1/status'))).status).toBe(404);
    expect((await fetch(`${port}?x=1`)).status).toBe(422);
  });

  it('needs no key where the API needs one', async () => {
    env.AUTH = 'keys';
    const program = started('up');
    const [api, port] = [await apiOf(program), await portOf(program)];
    expect((await fetch(`${api}/metrics`)).status).toBe(401);
    expect((await fetch(port)).status).toBe(200);
    const key = (await run(['keys', 'create', '--admin'], { env })).stdout.trim();
    const headers = { authorization: `Bearer ${key}` };
    expect((await fetch(`${api}/metrics`, { headers })).status).toBe(200);
    expect(await (await fetch(`${api}/metrics`, { headers })).text()).not.toContain(key);
  });
});
