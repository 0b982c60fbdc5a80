import { describe, expect, it } from 'vitest';
import { combined, counted, read, settingsFor } from '../../support/judged-lines.ts';
import { linesReadByKernel, scan } from '../../support/scanning.ts';

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
