import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveLogFormat } from '../../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../../src/log-format/format-string/parse.ts';
import { withRules } from '../../../src/log-format/rules/with-rules.ts';
import type { ScanSettings } from '../../../src/log-format/types.ts';
import { UTC } from '../../../src/window/zone.ts';
import { check } from '../../support/property.ts';
import { linesReadByKernel, type Scanned, scan, scanByReference } from '../../support/scanning.ts';

interface Texts {
  readonly format?: string;
  readonly customer?: string | undefined;
  readonly exclude?: string;
  readonly include?: string;
  readonly missing?: string;
}

function settingsFor({ format = 'combined', customer, exclude, include, missing }: Texts): ScanSettings {
  const resolved = resolveLogFormat(parseLogFormat(format), customer);
  return { ...withRules(resolved, { exclude, include }), logZone: UTC, missingCustomerId: missing };
}

/** Reads lines with the scanner, and holds the reference parser to the same. */
function read(lines: readonly string[], texts: Texts): Scanned {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const settings = settingsFor(texts);
  const scanned = scan(bytes, { settings });
  expect(scanned).toEqual(scanByReference(bytes, settings));
  return scanned;
}

/** Which of the lines count, by their customers. */
function counted(lines: readonly string[], texts: Texts): string[] {
  return read(lines, texts).records.map(({ customerId }) => customerId);
}

const combined = (
  user: string,
  request: string,
  { status = 200, agent = 'curl/8.5.0', client = '192.0.2.9' } = {},
) => `${client} - ${user} [02/Oct/2024:05:10:46 +0000] "${request}" ${status} 5 "-" "${agent}"`;

describe('a rule on the path', () => {
  const lines = [
    combined('exact', 'GET /health HTTP/1.1'),
    combined('query', 'GET /health?full=1 HTTP/1.1'),
    combined('fragment', 'GET /health#top HTTP/1.1'),
    combined('longer', 'GET /healthy HTTP/1.1'),
    combined('below', 'GET /health/db HTTP/1.1'),
    combined('url', 'GET https://a.example:443/health HTTP/1.1'),
    combined('encoded', 'GET /%68ealth HTTP/1.1'),
    combined('case', 'GET /Health HTTP/1.1'),
    combined('in-query', 'GET /a?next=/health HTTP/1.1'),
    combined('old', 'GET /health'),
    combined('spaces', 'GET /health check HTTP/1.1'),
    combined('star', 'OPTIONS * HTTP/1.1'),
    combined('none', '-'),
  ];

  it.each<[string, string[]]>([
    ['path=/health', ['exact', 'query', 'fragment', 'url', 'old']],
    ['path=/health*', ['exact', 'query', 'fragment', 'longer', 'below', 'url', 'old', 'spaces']],
    ['path=*health', ['exact', 'query', 'fragment', 'url', 'old']],
    ['path=*e*l*h', ['exact', 'query', 'fragment', 'url', 'encoded', 'case', 'old']],
    ['path="/health check"', ['spaces']],
    [String.raw`path=/health\ check`, ['spaces']],
    [String.raw`path=\*`, ['star']],
    ['path=""', ['none']],
    ['path=/%68ealth', ['encoded']],
    ['path=/healt', []],
  ])('%s compares the path as the log writes it, without its query', (exclude, out) => {
    const users = lines.map((line) => line.split(' ')[2]);
    expect(counted(lines, { exclude })).toEqual(users.filter((user) => !out.includes(user ?? '')));
  });

  it('reads the paths of the default format, and of formats with a field for them', () => {
    const line = (path: string) => `2024-10-02 05:10:46 cust_1 ${path} 200 0.316`;
    expect(read([line('/a?b'), line('/b')], { format: 'default', exclude: 'path=/a' })).toMatchObject({
      excluded: 1,
    });
    const nginx = '$remote_addr $remote_user $time_iso8601 $uri$is_args$args $status';
    const written = (path: string) => `192.0.2.9 cust_1 2024-10-02T05:10:46Z ${path} 200`;
    expect(read([written('/a?b=c'), written('/b')], { format: nginx, exclude: 'path=/a' })).toMatchObject({
      excluded: 1,
    });
  });
});

describe('rules on other parts', () => {
  it('compare methods, hosts and agents whatever their case', () => {
    const lines = [
      combined('a', 'OPTIONS /a HTTP/1.1'),
      combined('b', 'options /a HTTP/1.1'),
      combined('c', 'GET /OPTIONS HTTP/1.1', { agent: 'KUBE-probe/1.2' }),
      combined('d', 'GET /OPTIONS HTTP/1.1'),
    ];
    expect(counted(lines, { exclude: 'method=Options agent=*kube-PROBE*' })).toEqual(['d']);
  });

  it('compare statuses by code, range and class', () => {
    const statuses = [200, 301, 404, 410, 499, 503];
    const lines = statuses.map((status) => combined(`${status}`, 'GET / HTTP/1.1', { status }));
    expect(counted(lines, { exclude: 'status=3xx,410-499' })).toEqual(['200', '404', '503']);
    expect(counted(lines, { exclude: 'status=5XX status=200' })).toEqual(['301', '404', '410', '499']);
  });

  it('compare addresses with networks, with and without ports', () => {
    const clients = [
      '10.1.2.3',
      '10.1.3.3',
      '192.0.2.9',
      '2001:db8::17',
      '2001:db9::17',
      '::ffff:10.1.2.4',
      'api.example',
    ];
    const lines = clients.map((client, i) => combined(`u${i}`, 'GET / HTTP/1.1', { client }));
    expect(counted(lines, { exclude: 'client=10.1.2.0/24 client=2001:db8::/32' })).toEqual([
      'u1',
      'u2',
      'u4',
      'u6',
    ]);
    const format = '{-client} {timestamp} {customer_id} {status}';
    const ports = ['10.0.0.1:80', '[2001:db8::1]:443', '10.0.0.1', '10.0.0.1:x', '-'];
    const withPorts = ports.map((client, i) => `${client} 2024-10-02T05:10:46Z u${i} 200`);
    expect(counted(withPorts, { format, exclude: 'client=10.0.0.1 client=2001:db8::1' })).toEqual([
      'u3',
      'u4',
    ]);
  });

  it('hold all conditions of a rule, and any of the rules', () => {
    const lines = [
      combined('both', 'GET /a HTTP/1.1'),
      combined('path', 'POST /a HTTP/1.1'),
      combined('method', 'GET /b HTTP/1.1'),
      combined('other', 'POST /x HTTP/1.1'),
    ];
    expect(counted(lines, { exclude: 'path=/a&method=GET path=/x' })).toEqual(['path', 'method']);
    expect(counted(lines, { include: 'path=/a path=/b', exclude: 'path=/a&method=POST' })).toEqual([
      'both',
      'method',
    ]);
  });

  it('look at escaped texts without their escapes', () => {
    const lines = [
      combined('nginx', 'GET / HTTP/1.1', { agent: String.raw`a \x22bot\x22` }),
      combined('apache', 'GET / HTTP/1.1', { agent: String.raw`a \"bot\"` }),
      combined('other', 'GET / HTTP/1.1', { agent: String.raw`a \\"bot` }),
    ];
    expect(counted(lines.slice(0, 2), { exclude: String.raw`agent="a \"bot\""` })).toEqual([]);
  });

  it('see nothing where a key is missing, null or no text', () => {
    const json = (more: string) => `{"t":"2024-10-02T05:10:46Z","c":"cust_1","s":200${more}}`;
    const lines = ['', ',"a":null', ',"a":""', ',"a":{}', ',"a":["x","y"]', ',"a":"x"', ',"a":7'].map(json);
    const format = 'json timestamp=t customer_id=c status=s agent=a';
    expect(read(lines, { format, exclude: 'agent=""' })).toMatchObject({ excluded: 4, lines: 7 });
    expect(read(lines, { format, exclude: 'agent=x' })).toMatchObject({ excluded: 2 });
    expect(read(lines, { format, exclude: 'a=7' })).toMatchObject({ excluded: 1 });
    const withRequest = `${format} request=r?`;
    expect(read(lines, { format: withRequest, exclude: 'path=* method=*' })).toMatchObject({ excluded: 7 });
  });
});

describe('the field of a word', () => {
  const T = '02/Oct/2024:05:10:46 +0000';
  const NOW = '2024-10-02T05:10:46Z';

  it.each<[format: string, exclude: string, out: string, other: string]>([
    [
      '$remote_addr $remote_user [$time_local] $request_method $uri $status $host "$http_user_agent"',
      'method=HEAD&path=/a&host=h.example&agent=bot*&client=192.0.2.9',
      `192.0.2.9 u [${T}] HEAD /a 200 h.example "Bot/1"`,
      `192.0.2.9 u [${T}] HEAD /a 200 i.example "Bot/1"`,
    ],
    [
      '%a %A %u %t %m "%U" %>s %v',
      'client=192.0.2.9&method=PUT&host=v',
      `192.0.2.9 192.0.2.1 u [${T}] PUT "/a" 200 v`,
      `192.0.2.1 192.0.2.9 u [${T}] PUT "/a" 200 v`,
    ],
    [
      '%h %u %t "%r" %>s "%{Host}i" "%{User-agent}i"',
      'host=h&agent=x',
      `192.0.2.9 u [${T}] "GET / H" 200 "h" "x"`,
      `192.0.2.9 u [${T}] "GET / H" 200 "x" "h"`,
    ],
    [
      '[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% "%REQ(USER-AGENT)%" "%REQ(:AUTHORITY)%" %DOWNSTREAM_REMOTE_ADDRESS% "%REQ(X-CUSTOMER-ID)%"',
      'method=GET&path=/a&agent=x&host=h&client=192.0.2.0/24',
      `[${NOW}] "GET /a?b HTTP/2" 200 "x" "h" 192.0.2.9:5000 "u"`,
      `[${NOW}] "GET /a?b HTTP/2" 200 "x" "h" 192.0.3.9:5000 "u"`,
    ],
    [
      'json timestamp=t customer_id=c status=s request=r host=h.n client=ip',
      'method=GET&path=/a&host=x*&client=::1',
      `{"t":"${NOW}","c":"u","s":200,"r":"GET /a HTTP/1.1","h":{"n":"xy"},"ip":"::1"}`,
      `{"t":"${NOW}","c":"u","s":200,"r":"GET /a HTTP/1.1","h":{"n":"xy"},"ip":"::2"}`,
    ],
    [
      'logfmt timestamp=t customer_id=c status=s request_path=p method=m agent=ua',
      'method=GET&path=/a&agent="x y"',
      `t=${NOW} c=u s=200 p=/a m=GET ua="x y"`,
      `t=${NOW} c=u s=200 p=/a m=GET ua="x z"`,
    ],
  ])('is found in %s', (format, exclude, out, other) => {
    expect(read([out, other, out], { format, exclude })).toMatchObject({ excluded: 2, rejections: [] });
  });

  it('can be named in the words of the format', () => {
    const lines = [combined('a', 'GET / HTTP/1.1'), combined('b', 'GET / HTTP/1.1')].map((line) =>
      line.replace('"-"', '"https://a.example/"'),
    );
    expect(read(lines, { exclude: '%{Referer}i=https://a.*' })).toMatchObject({ excluded: 2 });
    expect(read(lines, { exclude: '$http_referer=https://a.*&$remote_user=b' })).toMatchObject({
      excluded: 1,
    });
  });

  it('is a column of the W3C’s extended format, which a header may lack', () => {
    const lines = [
      '#Fields: date time cs-method cs-username c-ip sc-status cs(User-Agent)',
      '2024-10-02 05:10:46 HEAD u 192.0.2.9 200 bot',
      '2024-10-02 05:10:46 HEAD u 192.0.3.9 200 bot',
      '#Fields: date time cs-username sc-status',
      '2024-10-02 05:10:46 u 200',
    ];
    const format = 'w3c timestamp=date+time customer_id=cs-username status=sc-status';
    expect(read(lines, { format, exclude: 'method=head&client=192.0.2.0/24&agent=bot' }).excluded).toBe(1);
    expect(read(lines, { format, exclude: 'method=""' }).excluded).toBe(1);
  });

  it('is a label of LTSV', () => {
    const lines = [`time:${NOW}\tuser:u\tstatus:200\tua:a bot`, `time:${NOW}\tua:x\tuser:u\tstatus:200`];
    const format = 'ltsv timestamp=time customer_id=user status=status agent=ua';
    expect(read(lines, { format, exclude: 'agent=*bot' })).toMatchObject({ excluded: 1, rejections: [] });
  });

  it('is a column of a CSV log', () => {
    const csv = ['time,who,code,agent', `${NOW},u,200,bot`, `${NOW},u,200,"b,t"`, `${NOW},u,200,x`];
    const format = 'csv timestamp=time customer_id=who status=code agent=agent';
    expect(read(csv, { format, exclude: 'agent=b*t' })).toMatchObject({ excluded: 2, lines: 4 });
  });
});

describe('a line that matches a rule', () => {
  const probe = (change: (line: string) => string) => change(combined('-', 'GET /health HTTP/1.1'));

  it('needs no customer', () => {
    const lines = [probe((line) => line), combined('-', 'GET /a HTTP/1.1')];
    const scanned = read(lines, { exclude: 'path=/health' });
    expect(scanned).toMatchObject({ excluded: 1, rejections: [{ reason: 'missing_customer_id' }] });
    expect(read(lines, { exclude: 'path=/health', missing: 'anonymous' }).records).toHaveLength(1);
  });

  it('needs no customer in its path', () => {
    const lines = ['/health', '/customers/cust_1/a', '/other'].map((path) =>
      combined('-', `GET ${path} HTTP/1.1`),
    );
    const scanned = read(lines, { customer: '/customers/{customer_id}', exclude: 'path=/health' });
    expect(scanned).toMatchObject({ excluded: 1, records: [{ customerId: 'cust_1' }] });
    expect(scanned.rejections).toMatchObject([{ reason: 'missing_customer_id' }]);
  });

  it('is rejected all the same if it has not the form of the format', () => {
    const lines = [
      probe((line) => `Oct  2 05:10:46 web ${line}`),
      probe((line) => line.replace(' 200 ', ' 999 ')),
      probe((line) => line.replace('/Oct/', '/Okt/')),
      probe((line) => `${line} more`),
    ];
    const scanned = read(lines, { exclude: 'path=/health' });
    expect(scanned).toMatchObject({ excluded: 0, records: [] });
    expect(scanned.rejections).toEqual(read(lines, {}).rejections);
  });

  it('does not count, whatever its time', () => {
    const settings = settingsFor({ exclude: 'path=/health' });
    const lines = [combined('u', 'GET /health HTTP/1.1'), combined('u', 'GET /a HTTP/1.1')];
    const scanned = scan(Buffer.from(`${lines.join('\n')}\n`), { settings, bounds: [0, 1] });
    expect(scanned).toMatchObject({ excluded: 1, rejections: [{ reason: 'event_too_far_ahead' }] });
  });

  it('is read by the kernel', () => {
    const lines = Array.from({ length: 100 }, (_, i) =>
      combined(i % 2 ? '-' : 'u', 'GET /health HTTP/1.1', { agent: `x${i}` }),
    );
    const before = linesReadByKernel();
    expect(
      read(lines, { exclude: 'path=/a* path=*.css method=HEAD agent=*x*&client=192.0.2.0/24&status=200' }),
    ).toMatchObject({ excluded: 100 });
    expect(linesReadByKernel() - before).toBe(100);
  });
});

describe('a setting that cannot be', () => {
  it.each<[string, string]>([
    ['path', 'character 1 (`path`): Write a field'],
    ['path=/a method', 'character 9 (`method`): Write a field'],
    ['path=', 'character 1 (`path=`): Write a field'],
    ['path="/a', 'Write a field'],
    ['path=/a&', 'Another condition must follow'],
    ['path=/a& method=GET', 'Write a field'],
    ['  ', 'It has no rule'],
    ['path=/a?b', 'without its query'],
    ['status=600', 'list of codes'],
    ['status=4*', 'list of codes'],
    ['client=10.0.0', 'an address or a network'],
    ['client=10.0.0.0/33', 'an address or a network'],
    ['client=10.*', 'an address or a network'],
    ['host=a', 'no field `host`. It has: path, method, status, client, agent, '],
    ['nothing=a', 'no field `nothing`'],
    ['%t=a', 'cannot look at a time'],
    [`path=/${'a'.repeat(3000)}`, 'more than 2048 characters'],
    [new Array(65).fill('status=200').join(' '), 'more than 64 conditions'],
  ])('%s is refused with the place', (exclude, message) => {
    expect(() => settingsFor({ exclude })).toThrow(
      expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining(message) }),
    );
    expect(() => settingsFor({ include: exclude })).toThrow('INCLUDE');
  });

  it('names the key to add where a format has named values', () => {
    const format = 'json timestamp=t customer_id=c status=s request_path=p';
    expect(() => settingsFor({ format, exclude: 'agent=x' })).toThrow('Add `agent=KEY` to LOG_FORMAT');
    expect(() => settingsFor({ format: `${format} agent=a agent=b` })).toThrow('agent occurs twice');
  });
});

/** The parts of a request, and a naive reading of a rule's conditions. */
interface Parts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
  readonly client: string;
  readonly agent: string;
}

const piece = fc.stringMatching(/^[/ab.AB-]{0,4}$/);
const parts: fc.Arbitrary<Parts> = fc.record({
  method: fc.constantFrom('GET', 'get', 'HEAD'),
  path: fc.array(piece, { maxLength: 4 }).map((pieces) => `/${pieces.join('')}`),
  query: fc.constantFrom('', '?a', '#b', '?a=/ab.b'),
  status: fc.constantFrom(0, 100, 200, 204, 404, 599),
  client: fc.oneof(
    fc.ipV4(),
    fc.ipV6().filter((text) => !/%/.test(text)),
    fc.constantFrom('10.0.0.1', '::1', '::ffff:10.0.0.1'),
  ),
  agent: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
});

type Test = (parts: Parts) => boolean;

const glob = fc.array(piece, { minLength: 1, maxLength: 4 });
/** By a regular expression, which is slow and plain. */
function globTest(pieces: readonly string[], flags: string): RegExp {
  const escaped = pieces.map((text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^]*')}$`, flags);
}

const condition: fc.Arbitrary<{ text: string; test: Test }> = fc.oneof(
  glob.map((pieces) => ({
    text: `path="${pieces.join('*')}"`,
    test: ({ path }: Parts) => globTest(pieces, '').test(path),
  })),
  glob.map((pieces) => ({
    text: `agent="${pieces.join('*')}"`,
    test: ({ agent }: Parts) => globTest(pieces, 'i').test(agent),
  })),
  fc.constantFrom('GET', 'head', 'g*').map((method) => ({
    text: `method=${method}`,
    test: (each: Parts) => globTest(method.split('*'), 'i').test(each.method),
  })),
  fc
    .constantFrom<[string, number, number]>(['2xx', 200, 299], ['0', 0, 0], ['100-404', 100, 404])
    .map(([text, from, to]) => ({
      text: `status=${text}`,
      test: ({ status }: Parts) => status >= from && status <= to,
    })),
  fc
    .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
    .map(([address, bits]) => ({ text: `client=${address}/${bits}`, test: isWithin(address, bits, 'ipv4') })),
  fc
    .tuple(
      fc.ipV6().filter((text) => !/%/.test(text) && !/^(0*:)*(:|ffff)/i.test(text)),
      fc.integer({ min: 1, max: 128 }),
    )
    .map(([address, bits]) => ({ text: `client=${address}/${bits}`, test: isWithin(address, bits, 'ipv6') })),
);

function isWithin(address: string, bits: number, kind: 'ipv4' | 'ipv6'): Test {
  const list = new BlockList();
  list.addSubnet(address, bits, kind);
  return ({ client }) => {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(client)?.[1];
    const text = mapped ?? client;
    const isIpv4 = !text.includes(':');
    return isIpv4 === (kind === 'ipv4') && list.check(text, isIpv4 ? 'ipv4' : 'ipv6');
  };
}

const rule = fc.array(condition, { minLength: 1, maxLength: 3 }).map((conditions) => ({
  text: conditions.map(({ text }) => text).join('&'),
  test: (each: Parts) => conditions.every(({ test }) => test(each)),
}));
const rules = fc.array(rule, { minLength: 1, maxLength: 4 });

const WRITTEN: readonly (readonly [format: string, write: (parts: Parts) => string])[] = [
  [
    'combined',
    ({ method, path, query, status, client, agent }) =>
      `${client} - cust_1 [02/Oct/2024:05:10:46 +0000] "${method} ${path}${query} HTTP/1.1" ${status} 5 "-" "${agent}"`,
  ],
  [
    'caddy',
    ({ method, path, query, status, client, agent }) =>
      `{"ts":1727845846,"request":{"client_ip":"${client}","method":"${method}","uri":"${path}${query}","headers":{"User-Agent":["${agent}"]}},"user_id":"cust_1","duration":0.5,"status":${status}}`,
  ],
  [
    'aws-alb',
    ({ method, path, query, status, client, agent }) =>
      `https 2024-10-02T05:10:46Z app/a ${client.includes(':') ? `[${client}]` : client}:2817 - 0.1 0.1 0.1 ${status} - 1 1 "${method} https://api.example.com:443${path}${query} HTTP/1.1" "${agent}" - - arn "a" "-"`,
  ],
];

describe('random rules on random requests', () => {
  it.each(WRITTEN)('exclude what a plain reading of the rules excludes: %s', (format, write) => {
    const customer = format === 'aws-alb' ? '{-elb}' : undefined;
    const includes = fc.option(rules, { nil: undefined, freq: 3 });
    check(
      fc.property(
        fc.array(parts, { minLength: 1, maxLength: 20 }),
        rules,
        includes,
        (requests, exclude, include) => {
          const scanned = read(requests.map(write), {
            format,
            customer: customer && 'elb',
            exclude: exclude.map(({ text }) => text).join(' '),
            ...(include ? { include: include.map(({ text }) => text).join('  ') } : {}),
          });
          const isOut = (each: Parts) =>
            exclude.some(({ test }) => test(each)) ||
            (include !== undefined && !include.some(({ test }) => test(each)));
          const kept = requests.filter((each) => !isOut(each));
          expect(scanned).toMatchObject({ lines: requests.length, excluded: requests.length - kept.length });
          expect(scanned.records.map(({ status }) => status)).toEqual(kept.map(({ status }) => status));
        },
      ),
      150,
    );
  });
});
