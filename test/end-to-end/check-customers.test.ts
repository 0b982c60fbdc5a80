import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-check-customers-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(lines: readonly string[]): string {
  const path = join(directory, 'access.log');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

async function checked(path: string, ...flags: readonly string[]): Promise<Record<string, unknown>> {
  return JSON.parse((await run(['check', '--json', ...flags, path])).stdout).files[0];
}

const times = (count: number, line: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line(i));
const two = (n: number): string => String(n).padStart(2, '0');
const request = (i: number, user: string): string =>
  `172.18.0.1 - ${user} [17/May/2015:10:05:${two(i)} +0000] "GET /a HTTP/1.1" 200 13 "-" "curl/7.68.0"`;

/** Lines as real products write them. Each gives a wrong customer where a prefix becomes a part of the user. */
const WRAPPED: readonly (readonly [name: string, lines: readonly string[]])[] = [
  [
    'nginx-ingress in Kubernetes',
    times(
      3,
      (i) =>
        `2022-01-28T16:04:0${i}.413656027Z stdout ${'FPF'[i]} ${request(i, '-')} 80 0.000 [web-5678] [] 10.244.0.9:5678 13 0.000 200 c994`,
    ),
  ],
  [
    'nginx by syslog',
    times(40, (i) => `Feb  6 12:14:${two(i)} web1 nginx: ${request(i, i % 2 === 0 ? '-' : 'bob')}`),
  ],
  [
    'Apache’s vhost_combined',
    times(12, (i) => `vhost1.example.com:443 ${request(i, i % 2 === 0 ? '-' : 'bob')}`),
  ],
  [
    'Apache’s vhosts without a port',
    times(12, (i) => `vhost1.example.com ${request(i, i % 2 === 0 ? '-' : 'bob')}`),
  ],
  ['Docker Compose', times(12, (i) => `web-1  | ${request(i, i % 2 === 0 ? '-' : 'bob')}`)],
  ['a list of addresses', times(12, (i) => `203.0.113.7, ${request(i, 'bob')}`)],
  ['the journal', times(12, (i) => `Oct 02 05:10:${two(i)} web1 nginx[674]: ${request(i, 'bob')}`)],
];

describe('check of lines with something before them', () => {
  it.each(WRAPPED)('recommends nothing by which a wrong customer counts: %s', async (_, lines) => {
    const path = write(lines);
    const { settings, customers } = await checked(path);
    const { LOG_FORMAT, LOG_WRAPPER } = settings as Record<string, string>;
    if (LOG_WRAPPER === undefined) expect(`${LOG_FORMAT}`).not.toMatch(/^(common|combined)$/);
    const found = (customers as { most_frequent: { customer_id: string }[] } | null)?.most_frequent ?? [];
    for (const { customer_id: id } of found) expect(id).toBe('bob');
    for (const format of ['common', 'combined']) {
      const env = { DATA_DIR: join(directory, format), LOG_FORMAT: format };
      const { stdout } = await run(['ingest', '--json', path], { env });
      expect(stdout === '' ? 0 : JSON.parse(stdout).accepted).toBe(0);
    }
  });

  it('warns where a format of your own takes the prefix for the customer, and recommends nothing', async () => {
    const behind = (i: number) => request(i, '-').replace(/^.*?(?=\[)/, '');
    const path = write(times(12, (i) => `"2024-10-02T05:10:${two(i)}Z stdout F cust_1" ${behind(i)}`));
    const format = '"{customer_id}" [{timestamp:clf}] "{request}" {status} {-}';
    const file = await checked(path, '--log-format', format);
    expect(file).toMatchObject({ accepted: 12, settings: {}, commands: [] });
    const { warnings } = file.customers as { warnings: string[] };
    expect(warnings).toEqual([
      expect.stringContaining('of its own'),
      expect.stringContaining('a time in the id'),
    ]);
    const { stdout } = await run(['check', '--log-format', format, path]);
    expect(stdout).toContain('WARNING: the customers may be wrong: nearly every line');
    expect(stdout).toContain('check cannot tell where the customer stands');
    expect(stdout).not.toContain('daymark ingest');
  });
});

describe('check of lines that go on behind the end of a preset', () => {
  it.each([
    ['a duration', times(3, (i) => `${request(i, 'bob')} 0.316`)],
    [
      'what ingress-nginx writes',
      times(
        3,
        (i) => `${request(i, 'bob')} 80 0.316 [default-web-8080] [] 172.17.0.5:8080 59 0.300 200 529a`,
      ),
    ],
    ['a duration, without an agent', times(3, (i) => `${request(i, 'bob').replace(/ "-".*/, '')} 0.316`)],
  ])('reads the duration: %s', async (_, lines) => {
    const path = write(lines);
    const { settings, first_lines } = await checked(path);
    const line = { customer_id: 'bob', duration: 0.316 };
    expect(first_lines).toMatchObject([line, line, line]);
    expect(settings).toEqual({ LOG_FORMAT: expect.any(String) });
  });

  it('recommends nothing where it cannot tell which field is the duration', async () => {
    const path = write(times(3, (i) => `${request(i, 'bob')} 0.123 0.120`));
    expect(await checked(path)).toMatchObject({
      log_format: null,
      settings: {},
      commands: [],
      first_lines: [],
    });
    const { stdout } = await run(['check', path]);
    expect(stdout).toContain('daymark cannot tell which field is the duration (such as 0.123, 0.120)');
    expect(stdout).not.toContain('no duration');
  });
});

describe('check', () => {
  it('prints the customers that it found', async () => {
    const path = write([
      ...times(9, (i) => request(i, 'bob')),
      request(9, 'ann@example.com'),
      request(9, '-'),
    ]);
    expect((await checked(path)).customers).toEqual({
      distinct: 2,
      is_exact: true,
      most_frequent: [
        { customer_id: 'bob', lines: 9 },
        { customer_id: 'ann@example.com', lines: 1 },
      ],
      kinds: [
        { kind: 'word', customers: 1, example: 'bob' },
        { kind: 'e-mail address', customers: 1, example: 'ann@example.com' },
      ],
      warnings: [],
    });
    const { stdout } = await run(['check', path]);
    expect(stdout).toContain(
      '  2 customers, the most frequent:\n    bob (9 lines)\n    ann@example.com (1 line)\n',
    );
    expect(stdout).toContain('    1 × e-mail address, such as ann@example.com\n');
  });

  it('names no customers before it knows where they are', async () => {
    const path = write(['[2024-10-02T05:10:46.000Z] "GET / HTTP/1.1" 200 - 0 5 0 0 "-" "-" "-" "a" "-"']);
    expect(await checked(path)).toMatchObject({ log_format: 'envoy', customers: null });
  });

  it('recommends a preset that fits half of the first lines, and none that fits fewer', async () => {
    const half = [...times(5, (i) => request(i, 'bob')), ...times(5, () => 'starting up')];
    expect(await checked(write(half))).toMatchObject({ log_format: 'combined', nearest: null });
    const path = write([...half, 'shutting down']);
    const nearest = { log_format: 'combined', lines: 11, understood: 5 };
    expect(await checked(path)).toMatchObject({ log_format: null, nearest, settings: {}, commands: [] });
    const { stdout } = await run(['check', path]);
    expect(stdout).toContain('the nearest is combined, but it fits only 5 of the first 11 lines');
    expect(stdout).toContain('only if it understands at least half of the lines');
  });

  it('takes its recommendation back where the rest of the file does not fit', async () => {
    const path = write([
      ...times(2_000, (i) => request(i % 60, 'bob')),
      ...times(2_100, () => 'shutting down'),
    ]);
    const file = await checked(path);
    expect(file).toMatchObject({ log_format: 'combined', accepted: 2_000, settings: {}, commands: [] });
    const { stdout } = await run(['check', path]);
    expect(stdout).toContain('the lines may be in another format');
    expect(stdout).not.toContain('daymark ingest');
  });
});
