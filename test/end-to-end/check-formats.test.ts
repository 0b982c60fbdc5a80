import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NGINX_JSON_DIRECTIVE, PRESETS } from '../../src/log-format/presets.ts';
import { run } from '../support/cli.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-check-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

const examplesOf = (wanted: string) => PRESETS.find(({ name }) => name === wanted)?.examples ?? [];

describe('check without LOG_FORMAT', () => {
  it('recognises the format of each file, and says how its first lines are understood', async () => {
    const paths = PRESETS.map(({ name, header = [], examples }) => write(name, [header, examples].flat()));
    const { stdout } = await run(['check', '--json', ...paths]);
    const files = JSON.parse(stdout).files as Record<string, unknown>[];
    const byName = new Map(files.map((file) => [file.file, file]));
    for (const { name, header, examples, customer } of PRESETS) {
      const lines = (header?.split('\n').length ?? 0) + examples.length;
      const file = byName.get(join(directory, name));
      expect(file).toMatchObject({
        log_format: name,
        recognised: { lines: examples.length, understood: examples.length },
        settings: name === 'default' ? {} : { LOG_FORMAT: name },
        customer_id_needed:
          customer === undefined ? expect.stringContaining('/customers/{customer_id}') : null,
        first_line: null,
        lines,
        accepted: expect.any(Number),
      });
      expect(Number(file?.accepted) + Number(file?.rejected)).toBe(lines);
      expect(file?.first_lines).toHaveLength(3);
    }
    expect(byName.get(join(directory, 'haproxy'))?.first_lines).toContainEqual({
      time: '2009-02-06T12:14:14.655Z',
      customer_id: null,
      request_path: 'GET /index.html HTTP/1.1',
      status: 200,
      duration: 0.109,
    });
  });

  it('says in words what to set', async () => {
    const { stdout } = await run(['check', write('access.log', examplesOf('combined'))]);
    expect(stdout).toContain('format: combined (Apache’s and nginx’s combined format)');
    expect(stdout).toContain('set LOG_FORMAT=combined\n');
    expect(stdout).toContain(
      '2000-10-10T20:55:36.000Z, customer frank, GET /apache_pb.gif HTTP/1.0, status 200, no duration',
    );
  });

  it('says where the customer id can be, where the format does not', async () => {
    const { stdout } = await run(['check', write('alb.log', examplesOf('aws-alb'))]);
    expect(stdout).toContain('set LOG_FORMAT=aws-alb\n');
    expect(stdout).toContain('set CUSTOMER_ID to a place in the request path');
    expect(stdout).toContain('domain_name');
  });

  it('takes the customer id from where CUSTOMER_ID says', async () => {
    const path = write('envoy.log', examplesOf('envoy'));
    const { stdout } = await run(['check', '--json', '--customer-id', '/customers/{customer_id}', path]);
    expect(JSON.parse(stdout).files[0]).toMatchObject({
      settings: { LOG_FORMAT: 'envoy', CUSTOMER_ID: '/customers/{customer_id}' },
      customer_id_needed: null,
      first_lines: [{ customer_id: null }, { customer_id: 'cust_40' }, { customer_id: null }],
    });
  });

  it('shows the first line where no preset fits, and says where to read on', async () => {
    const { code, stdout } = await run(['check', write('strange.log', ['what is this?', 'no idea'])]);
    expect(code).toBe(1);
    expect(stdout).toContain('docs/log-formats.md');
    expect(stdout).toContain('the first line is: what is this?');
  });
});

describe('check with LOG_FORMAT', () => {
  it('reads by it: a directive pasted as it stands', async () => {
    const path = write('access.log', examplesOf('nginx-json'));
    const { stdout } = await run(['check', '--json', path], { env: { LOG_FORMAT: NGINX_JSON_DIRECTIVE } });
    expect(JSON.parse(stdout).files[0]).toMatchObject({
      recognised: null,
      settings: {},
      first_lines: [
        { customer_id: 'cust_40', duration: 0.316 },
        { customer_id: 'Zoë' },
        { customer_id: null },
      ],
    });
  });

  it('counts lines without a customer id for the one of MISSING_CUSTOMER_ID', async () => {
    const path = write('access.log', examplesOf('traefik'));
    const args = ['check', '--json', '--log-format', 'traefik', '--missing-customer-id', 'nobody', path];
    const { first_lines: lines } = JSON.parse((await run(args)).stdout).files[0];
    expect(lines.map((line: Record<string, unknown>) => line.customer_id)).toEqual([
      'nobody',
      'cust_40',
      'cust_1',
    ]);
  });

  it.each([
    [['--log-format', 'combind'], 'INVALID_LOG_FORMAT', 'Did you mean combined?'],
    [['--log-format', '{timestamp} {stats}'], 'INVALID_LOG_FORMAT', 'character 13'],
    [['--log-format', 'envoy'], 'INVALID_SETTING', 'CUSTOMER_ID'],
    [['--log-format', 'combined', '--customer-id', '%{X}i'], 'INVALID_SETTING', 'It has: %h, %l, %u'],
    [['--missing-customer-id', 'a\tb'], 'INVALID_SETTING', 'MISSING_CUSTOMER_ID'],
  ])('refuses %j', async (args, code, message) => {
    const result = await run(['check', ...args, write('a.log', examplesOf('combined'))]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(code);
    expect(result.stderr).toContain(message);
  });
});
