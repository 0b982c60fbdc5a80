import { describe, expect, it } from 'vitest';
import { scanSettings } from '../support/scan-settings.ts';
import { type Scanned, scan } from '../support/scanning.ts';

/** What stands before a line in logs that were wrapped, joined or written by another format. */
const PREFIXES = [
  '2024-10-02T05:10:46.123456789Z stdout F ',
  '2024-10-02T05:10:46.123Z stderr P ',
  'stdout F ',
  'F ',
  'Feb  6 12:14:00 web1 nginx: ',
  'Feb 16 12:14:00 web1 nginx[674]: ',
  'web1 nginx[674]: ',
  '<190>Oct  2 05:10:46 web1 nginx: ',
  '<190>1 2024-10-02T05:10:46Z web1 nginx - - - ',
  '2024-10-02T05:10:46+0000 web1 nginx[674]: ',
  '2024-10-02 05:10:46 ',
  '1727845846.123 ',
  'web-1  | ',
  'web-1 | ',
  'web-1  | 2024-10-02T05:10:46.123Z ',
  '[pod/web-7d4b9c6f/nginx] ',
  'web-7d4b9c6f nginx ',
  'access.log:',
  'access.log-12-',
  'www.example.com:80 ',
  'www.example.com ',
  'www.example.com:443 www.example.com ',
  '203.0.113.7, ',
  '203.0.113.7, 10.0.0.1, ',
  '203.0.113.7 ',
  '203.0.113.7,',
  '203.0.113.7:41542 ',
  '- ',
  '- - ',
  '"-" ',
  '[05:10:46] ',
  'Zoë ',
  '\u001b[33m',
  '\t',
  '  ',
];

const behind = '[02/Oct/2024:05:10:46 +0000] "GET /customers/c1/orders HTTP/1.1" 200 5';
const COMMON = `LogFormat "%h %l %u %t \\"%r\\" %>s %b" common`;
/** Formats whose first fields are a host, perhaps an ident, and a user. With what follows in their lines. */
const FORMATS: readonly (readonly [name: string, format: string, rest: string])[] = [
  ['common', 'common', behind],
  ['combined', 'combined', `${behind} "-" "curl/8.5.0"`],
  ['LogFormat', COMMON.replaceAll('\\\\', '\\'), behind],
  [
    'log_format',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time',
    `${behind} "-" "curl/8.5.0" 0.316`,
  ],
  [
    'log_format that ends early',
    '$remote_addr - $remote_user [$time_local] "$request" $status',
    behind.slice(0, -2),
  ],
  ['traefik', 'traefik', `${behind} "-" "-" 12 "r@docker" "http://10.0.0.1:80" 3ms`],
  [
    'pattern',
    '{-client:host} - {customer_id:user?} [{timestamp:clf}] "{request}" {status} {-bytes:word}',
    behind,
  ],
];

const scanned = (format: string, lines: readonly string[], customerId?: string): Scanned =>
  scan(Buffer.from(lines.map((line) => `${line}\n`).join('')), {
    settings: scanSettings(format, customerId),
  });
const customersOf = ({ records }: Scanned): string[] => records.map((record) => record.customerId);

describe.each(FORMATS)('%s: a line that begins with a host', (_, format, rest) => {
  it('counts for its user', () => {
    const hosts = [
      '192.0.2.9',
      '2001:db8::17',
      '::1',
      '::ffff:192.0.2.9',
      'fe80::1%eth0',
      'localhost',
      '-',
      'unix:',
    ];
    const others = ['client-1.example.com', 'host_1', 'xn--bcher-kva.example.', '192.0.2.xxx'];
    const lines = [...hosts, ...others].map((host) => `${host} - cust_40 ${rest}`);
    const read = scanned(format, lines);
    expect(customersOf(read)).toEqual(lines.map(() => 'cust_40'));
  });

  it('counts for any user of one word, and of several words of letters', () => {
    const users = ['bob@example.com', 'CORP\\\\bob', '4711', 'a(b)', '"bob"', 'x|y', 'Zoë'];
    const several = ['Ann Smith', "Zoë M. O'Neil-Ray", 'van der Berg'];
    const lines = [...users, ...several].map((user) => `192.0.2.9 - ${user} ${rest}`);
    expect(scanned(format, lines).rejections).toEqual([]);
  });

  it.each(PREFIXES)('counts for nobody behind %j', (prefix) => {
    const lines = ['-', 'bob'].flatMap((user) =>
      ['172.18.0.1', '2001:db8::17'].map((host) => `${prefix}${host} - ${user} ${rest}`),
    );
    expect(customersOf(scanned(format, lines))).toEqual([]);
  });

  it.each(PREFIXES)('has no host behind %j', (prefix) => {
    const lines = ['-', 'bob'].map((user) => `${prefix}172.18.0.1 - ${user} ${rest}`);
    const host = format.includes('$')
      ? '$remote_addr'
      : format.includes('{') || format === 'traefik'
        ? 'client'
        : '%h';
    expect(customersOf(scanned(format, lines, host))).toEqual([]);
    const read = scanned(format, lines, '/customers/{customer_id}');
    expect(read.rejections.length).toBe(lines.length);
  });

  it.each(['- -', '[192.0.2.9] - bob', '[x]', 'bob -', 'bob 192.0.2.9', 'bob 83fd9a', 'a  b', '| bob'])(
    'does not count for the user %j',
    (user) => {
      const read = scanned(format, [`192.0.2.9 - ${user} ${rest}`]);
      expect(customersOf(read)).toEqual([]);
      expect(read.rejections[0]?.reason).toBe('invalid_customer_id');
    },
  );
});

describe('a host', () => {
  const isHost = (text: string): boolean =>
    customersOf(
      scanned(
        '$remote_addr [$time_local] $status',
        [`${text} [02/Oct/2024:05:10:46 +0000] 200`],
        'remote_addr',
      ),
    ).length === 1;

  it.each([
    '0.0.0.0',
    '255.255.255.255',
    '::',
    '1::',
    '1:2:3:4:5:6:7:8',
    '1::8',
    'a',
    'a.b.',
    '_',
    'a1',
    '1a',
    '1-2',
  ])('can be %s', (text) => expect(isHost(text)).toBe(true));

  it.each([
    ...[
      '256.1.1.1',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.4.',
      '.1.2.3.4',
      '12',
      '1727845846.123',
      '1.2.3.4:80',
      'a.b:80',
      ':',
    ],
    ...[
      ':::',
      '1:::2',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '12345::',
      'g::',
      '::1:',
      ':1::2',
      '[::1]',
    ],
    ...['::1.2.3', '1.2.3.4::', 'a..b', '.a', '..', 'a.1', 'a/b', 'a,b', 'a b', '05:10:46', 'x'.repeat(256)],
  ])('cannot be %s', (text) => expect(isHost(text)).toBe(false));
});

describe('a customer id without quotes, followed by a space', () => {
  it.each([
    [
      '$http_x_customer_id [$time_local] "$request" $status',
      'c1',
      '[02/Oct/2024:05:10:46 +0000] "GET / HTTP/1.1" 200',
    ],
    ['%{X-Customer-Id}i "%r" %>s [%{sec}t]', 'c1', '"GET / HTTP/1.1" 200 [1727845846]'],
    ['%REQ(X-CUSTOMER-ID)% [%START_TIME%] %RESPONSE_CODE%', 'c1', '[2024-10-02T05:10:46Z] 200'],
    ['{customer_id} [{timestamp}] {status}', 'c1', '[2024-10-02T05:10:46Z] 200'],
  ])('of %s takes no prefix in', (format, id, rest) => {
    expect(customersOf(scanned(format, [`${id} ${rest}`]))).toEqual([id]);
    const lines = PREFIXES.filter((prefix) => /[ \t]$/.test(prefix)).map(
      (prefix) => `${prefix}${id} ${rest}`,
    );
    expect(customersOf(scanned(format, lines))).toEqual([]);
  });

  it('in quotes may hold anything', () => {
    const line = '"Acme 24 [x] - 1" [02/Oct/2024:05:10:46 +0000] 200';
    for (const format of [
      '"$http_x_customer_id" [$time_local] $status',
      '"$remote_user" [$time_local] $status',
    ])
      expect(customersOf(scanned(format, [line]))).toEqual(['Acme 24 [x] - 1']);
  });
});

describe('a line behind whose format something follows', () => {
  it.each([
    ['common', `192.0.2.9 - bob ${behind} "-" "curl/8.5.0" 0.316`],
    ['common', `192.0.2.9 - bob ${behind} 0.316`],
    ['combined', `192.0.2.9 - bob ${behind} "-" "curl/8.5.0" 0.316`],
    ['$time_local $status $remote_user $body_bytes_sent', '02/Oct/2024:05:10:46 200 bob 5 0.316'],
  ])('%s: is rejected, not cut off', (format, line) => {
    expect(scanned(format, [line]).rejections[0]?.reason).toBe('extra_field');
    expect(
      scanned(format, [line.replace(/ ("-" ".*|0\.316)$/, format === 'combined' ? ' "-" "x"' : '')])
        .rejections,
    ).toEqual([]);
  });

  it('is a record where the last field of the format can hold it', () => {
    const format = '$time_local $status $remote_user $http_user_agent';
    expect(customersOf(scanned(format, ['02/Oct/2024:05:10:46 200 bob Mozilla/5.0 (X11; Linux)']))).toEqual([
      'bob',
    ]);
  });
});

describe.each([
  ['a bar', '|'],
  ['a comma', ', '],
  ['a tab', '\t'],
  ['a colon', ': '],
  ['a semicolon', ';'],
])('a customer that is the first field, and is followed by %s,', (_, separator) => {
  const format = ['{customer_id}', '{timestamp:iso8601}', '{status}', '{duration:s}'].join(separator);
  const rest = ['', '2024-10-02T05:10:46Z', '200', '0.316'].join(separator);

  it('counts for its customer', () => {
    expect(customersOf(scanned(format, [`cust_1${rest}`]))).toEqual(['cust_1']);
  });

  it.each(PREFIXES.filter((prefix) => prefix.trimStart().includes(' ')))(
    'takes nothing of a prefix: %j',
    (prefix) => {
      const { records, rejections } = scanned(format, [`${prefix}cust_1${rest}`]);
      expect([records.length, rejections.length]).toEqual([0, 1]);
    },
  );
});

describe('a customer that is the last field', () => {
  const format = '{timestamp:iso8601} {status} {duration:s} {customer_id}';

  it('counts for its customer', () => {
    expect(customersOf(scanned(format, ['2024-10-02T05:10:46Z 200 0.316 cust_1']))).toEqual(['cust_1']);
  });

  it('takes nothing of what stands behind it', () => {
    const { records, rejections } = scanned(format, ['2024-10-02T05:10:46Z 200 0.316 cust_1 more here']);
    expect([records.length, rejections.length]).toEqual([0, 1]);
  });
});

describe('several places of the customer in one column', () => {
  it.each([
    ['auth : t={customer_id}, auth', ['acme', '192.0.2.1:80']],
    ['auth, auth | address', ['t=acme', '192.0.2.1:80']],
    ['auth | address, auth', ['192.0.2.1']],
  ])('%s: the first place that has a value counts', (customer, customers) => {
    const format = 'csv timestamp=time request_path=path? status=status duration=took:ms';
    const rows = ['t=acme', '192.0.2.1:80'].map((auth) => `2024-10-02T05:10:46Z,${auth},/a,200,5`);
    const log = Buffer.from(['time,auth,path,status,took', ...rows, ''].join('\n'));
    const settings = scanSettings(format, customer);
    expect(scan(log, { settings }).records.map(({ customerId }) => customerId)).toEqual(customers);
  });
});
