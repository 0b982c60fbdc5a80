import { describe, expect, it } from 'vitest';
import { resolveLogFormat } from '../../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../../src/log-format/format-string/parse.ts';
import { withRules } from '../../../src/log-format/rules/with-rules.ts';
import type { ScanSettings } from '../../../src/log-format/types.ts';
import { UTC } from '../../../src/window/zone.ts';
import { linesReadByKernel, type Scanned, scan, scanByReference } from '../../support/scanning.ts';

/** Reads lines with the scanner, and holds the reference parser to the same. */
function read(lines: readonly string[], settings: ScanSettings): Scanned {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const scanned = scan(bytes, { settings });
  expect(scanned).toEqual(scanByReference(bytes, settings));
  return scanned;
}

function settingsFor(
  format: string,
  customer: string | undefined,
  exclude: string,
  others: Partial<ScanSettings> = {},
): ScanSettings {
  const resolved = resolveLogFormat(parseLogFormat(format), customer);
  const judged = withRules(resolved, { exclude, include: undefined });
  return { logZone: UTC, missingCustomerId: undefined, ...judged, ...others };
}

const combined = (client: string, user: string, path: string) =>
  `${client} - ${user} [02/Oct/2024:05:10:46 +0000] "GET ${path} HTTP/1.1" 200 5 "-" "curl/8.5.0"`;

describe('rules on lines whose customer can be in several places', () => {
  const places = '/customers/{customer_id}, $remote_user';

  it('leave a line out whether or not any place has a customer', () => {
    const lines = [
      combined('192.0.2.9', '-', '/health'),
      combined('192.0.2.9', 'u', '/health'),
      combined('192.0.2.9', 'u', '/a'),
      combined('192.0.2.9', '-', '/customers/c/a'),
    ];
    const before = linesReadByKernel();
    const scanned = read(lines, settingsFor('combined', places, 'path=/health'));
    expect(linesReadByKernel() - before).toBe(4);
    expect(scanned.excluded).toBe(2);
    expect(scanned.records.map(({ customerId }) => customerId)).toEqual(['u', 'c']);
  });

  it('do not keep a line without a customer from being rejected', () => {
    const lines = [combined('192.0.2.9', '-', '/a'), combined('192.0.2.9', '-', '/health')];
    const settings = settingsFor('combined', places, 'path=/health');
    expect(read(lines, settings)).toMatchObject({ excluded: 1, rejectedByReason: expect.anything() });
    expect(read(lines, settings).rejections).toMatchObject([{ reason: 'missing_customer_id', offset: 0 }]);
    expect(read(lines, { ...settings, missingCustomerId: 'anonymous' }).records).toHaveLength(1);
  });

  it('reject a customer that cannot be read, also where a rule matches', () => {
    const lines = [combined('192.0.2.9', 'x'.repeat(2000), '/health')];
    for (const customer of [places, '$remote_user'])
      expect(read(lines, settingsFor('combined', customer, 'path=/health')).rejections).toMatchObject([
        { reason: 'invalid_customer_id' },
      ]);
  });

  it('look at the text of a field, not at the customer that is taken out of it', () => {
    const alb = (client: string) =>
      `http 2018-07-02T22:23:00.186641Z app/lb/50dc6c495c0c9188 ${client} 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - arn:a "Root=1" "-" "-" 0`;
    const lines = [
      alb('192.0.2.9:2817'),
      alb('192.0.3.9:2817'),
      alb('2001:db8::17:2817'),
      alb('[2001:db8::17]:1'),
    ];
    for (const customer of ['client:port', '/customers/{customer_id}, client:port']) {
      const aliases = new Map([['192.0.3.9', 'acme']]);
      const settings = settingsFor('aws-alb', customer, 'client=192.0.2.0/24', { aliases });
      expect(read(lines, settings).records.map(({ customerId }) => customerId)).toEqual([
        'acme',
        '2001:db8::17',
        '2001:db8::17',
      ]);
      const exact = settingsFor('aws-alb', customer, 'client=2001:db8::17');
      expect(read(lines, exact)).toMatchObject({ excluded: 2, rejections: [] });
    }
  });

  it('take the port from an address that HAProxy writes', () => {
    const line = (client: string) =>
      `${client} [02/Oct/2024:05:10:46.123] web app/a1 0/0/1/5/6 200 750 - - ---- 1/1/0/0/0 0/0 "GET /customers/c/a HTTP/1.1"`;
    const lines = ['2001:db8::17:3319', '2001:db8::17:33319', '2001:db9::17:1', '192.0.2.9:1'].map(line);
    const settings = settingsFor('haproxy', '/customers/{customer_id}', 'client=2001:db8::17/128');
    expect(read(lines, settings)).toMatchObject({ excluded: 2, rejections: [] });
  });

  it('know what HAProxy escapes', () => {
    const line = (path: string) =>
      `192.0.2.9:1 [02/Oct/2024:05:10:46.123] web app/a1 0/0/1/5/6 200 750 - - ---- 1/1/0/0/0 0/0 "GET ${path} HTTP/1.1"`;
    const lines = ['/a', '/a#23top', '/a#22b', '/a#20b', '/a#7Cb', '/#61'].map(line);
    const settings = (exclude: string) =>
      settingsFor('haproxy', '/customers/{customer_id}', exclude, { missingCustomerId: 'anonymous' });
    expect(read(lines, settings('path=/a')).excluded).toBe(3);
    expect(read(lines, settings(String.raw`path=/a\"b`)).excluded).toBe(1);
    expect(read(lines, settings('path=/a|b')).excluded).toBe(1);
  });
});

describe('rules on wrapped lines', () => {
  const cri = (tag: string, text: string) => `2024-10-02T05:10:46.123456789Z stdout ${tag} ${text}`;
  const syslog = (text: string) => `<190>Oct  2 05:10:46 web1 nginx: ${text}`;
  const docker = (text: string) =>
    JSON.stringify({ log: `${text}\n`, stream: 'stdout', time: '2024-10-02T05:10:46.123456789Z' });
  const probe = combined('192.0.2.9', '-', '/health');
  const real = combined('192.0.2.9', 'u', '/a');

  it.each([
    ['cri', [cri('F', probe), cri('F', real)]],
    ['cri', [cri('P', probe.slice(0, 30)), cri('F', probe.slice(30)), cri('F', real)]],
    [
      'cri',
      [
        cri('P', probe.slice(0, 30)),
        cri('F', probe.slice(30)),
        cri('P', real.slice(0, 9)),
        cri('F', real.slice(9)),
      ],
    ],
    ['docker', [docker(probe), docker(real)]],
    ['syslog', [syslog(probe), syslog(real)]],
    ['syslog', [syslog(probe), syslog(`${real} \\" \\\\`).slice(0, -6)]],
  ] as const)('of %s leave the line out, whole or in parts', (wrapper, lines) => {
    const settings = settingsFor('combined', undefined, 'path=/health', { wrapper });
    expect(read(lines, settings)).toMatchObject({ excluded: 1, lines: 2, rejections: [] });
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const wanted = scan(bytes, { settings });
    expect(scan(bytes, { settings, blockBytes: [1, 3], maxLines: 1 })).toEqual(wanted);
    expect(scan(bytes.subarray(0, -1), { settings })).toMatchObject({ excluded: 1, lines: 2 });
  });
});
