import { describe, expect, it } from 'vitest';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import { PRESETS } from '../../src/log-format/presets.ts';
import { linesOfSample } from '../../src/log-format/sample.ts';
import { understoodLines } from '../../src/log-format/understanding.ts';
import { scanSettings } from '../support/scan-settings.ts';

/** Time, customer, path or request, status, seconds; `-` where the line has none. */
type Meaning = readonly [string, string, string, number, number | '-'];

/** Where to read the customer id if the preset does not say. */
const CUSTOMER_ID: Readonly<Record<string, string>> = {
  envoy: '/customers/{customer_id}',
  'aws-alb': '/customers/{customer_id}',
  cloudfront: 'x-host-header',
  'cloudfront-json': 'c-ip',
  haproxy: '/customers/{customer_id}',
  'aws-elb': '/customers/{customer_id}',
  'google-load-balancer': 'httpRequest.remoteIp',
  'azure-application-gateway': 'properties.clientIP',
  'azure-front-door': 'properties.clientIp',
  cloudflare: 'ClientIP',
  'cloudflare-unix': 'ClientIP',
  'cloudflare-unixnano': 'ClientIP',
  'nginx-proxy-manager': '/customers/{customer_id}',
  istio: '/customers/{customer_id}',
  'istio-json': '/customers/{customer_id}',
};

/** The records in the examples of each preset. */
const MEANINGS: Readonly<Record<string, readonly Meaning[]>> = {
  default: [
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/api/v1/resource1', 400, 0.316],
    ['2024-02-29T23:59:59.000Z', 'Zoë', '/api/v1/resource2?page=2', 200, 12.000001],
    ['2024-10-02T05:10:47.000Z', 'cust_1', '/', 503, 0],
  ],
  common: [
    ['2000-10-10T20:55:36.000Z', 'frank', 'GET /apache_pb.gif HTTP/1.0', 200, '-'],
    ['2024-10-02T05:10:46.000Z', '-', 'POST /api/v1/orders HTTP/1.1', 401, '-'],
    ['2024-10-02T03:10:46.000Z', 'cust_40', 'GET /a?q="x" HTTP/1.1', 404, '-'],
  ],
  combined: [
    ['2000-10-10T20:55:36.000Z', 'frank', 'GET /apache_pb.gif HTTP/1.0', 200, '-'],
    ['2024-10-02T05:10:46.000Z', '-', 'GET / HTTP/2.0', 304, '-'],
    ['2024-10-02T03:10:46.000Z', 'cust_40', 'GET /a HTTP/1.1', 200, '-'],
    ['2024-10-02T05:10:46.000Z', 'cust_40', 'GET /b HTTP/1.1', 499, '-'],
  ],
  'nginx-json': [
    ['2024-10-02T05:10:46.000Z', 'cust_40', 'GET /api/v1/orders?page=2 HTTP/1.1', 200, 0.316],
    ['2024-10-02T05:10:46.000Z', 'Zoë', 'GET /a HTTP/2.0', 502, 60.001],
    ['2024-10-02T05:10:47.000Z', '-', 'GET / HTTP/1.1', 401, 0],
  ],
  caddy: [
    ['2022-03-09T21:30:01.524Z', '-', '/', 200, 0.00093],
    ['2024-10-02T05:10:46.250Z', 'cust_40', '/v1/orders?id=7', 502, 1.5],
    ['2024-10-02T05:10:46.000Z', 'bob', '/', 204, 0.000003],
  ],
  traefik: [
    ['2024-10-02T05:10:46.000Z', '-', 'GET / HTTP/1.1', 200, 0.003],
    ['2024-10-02T05:10:46.000Z', 'cust_40', 'POST /api/v1/orders HTTP/2.0', 502, 10.003],
    ['2024-10-02T05:10:47.000Z', 'cust_1', 'GET /nowhere HTTP/1.1', 404, 0],
    ['2020-03-13T18:49:07.000Z', 'cust_1', 'GET /ping HTTP/1.1', 200, 0],
  ],
  'traefik-json': [
    ['2024-10-02T05:10:46.123Z', '-', '/', 200, 0.003151],
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/api/v1/orders?a="b"', 502, 10.003],
    ['2024-10-02T05:10:47.500Z', 'cust_1', '/nowhere', 404, 0.000041],
  ],
  envoy: [
    ['2016-04-15T20:17:00.310Z', '-', '/api/v1/locations', 204, 0.226],
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/customers/cust_40/orders?page=2', 503, 0.015],
    ['2024-10-02T05:10:46.999Z', '-', '/', 200, 0],
  ],
  'aws-alb': [
    ['2018-07-02T22:23:00.186Z', '-', 'GET http://www.example.com:80/ HTTP/1.1', 200, 0.001],
    [
      '2018-07-02T22:23:00.186Z',
      'cust_40',
      'GET https://www.example.com:443/customers/cust_40/orders HTTP/1.1',
      200,
      0.171,
    ],
    ['2018-11-30T22:23:00.186Z', '-', 'GET http://www.example.com:80/ HTTP/1.1', 502, '-'],
  ],
  cloudfront: [
    ['2019-12-04T21:02:31.000Z', 'd111111abcdef8.cloudfront.net', '/index.html', 200, 0.001],
    ['2019-12-13T22:36:27.000Z', 'www.example.com', '/favicon.ico', 502, 0.102],
    ['2019-12-13T22:37:02.000Z', 'www.example.com', '/customers/cust_40/orders', 200, 1.103],
  ],
  'cloudfront-json': [
    ['2024-11-14T22:34:06.000Z', '192.0.2.100', '/view/3/1/11', 200, 0.032],
    ['2024-11-14T22:34:07.000Z', '2001:db8::17', '/customers/cust_40/orders', 502, 1.5],
    ['2024-11-14T22:34:08.000Z', '192.0.2.100', '/a', 0, 0.25],
  ],
  iis: [
    ['2024-10-02T05:10:46.000Z', 'CONTOSO\\bob', '/api/orders', 200, 0.316],
    ['2024-10-02T05:10:47.000Z', '-', '/', 401, 0.002],
    ['2024-10-02T05:10:48.000Z', 'Ann+Smith', '/a', 500, 60.001],
  ],
  w3c: [
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/api/orders', 200, 0.316],
    ['2024-10-02T05:10:47.000Z', 'Ann Smith', '/nowhere', 404, 0.0005],
    ['2024-10-02T05:10:48.000Z', '-', '-', 204, 12.25],
  ],
  'aws-elb': [
    ['2015-05-13T23:39:43.945Z', '-', 'GET http://www.example.com:80/ HTTP/1.1', 200, 0.001178],
    [
      '2015-05-13T23:39:43.945Z',
      'cust_40',
      'GET https://www.example.com:443/customers/cust_40/orders HTTP/1.1',
      200,
      0.002471,
    ],
    ['2015-05-13T23:39:43.945Z', '-', 'GET http://www.example.com:80/ HTTP/1.1', 503, '-'],
  ],
  'aws-s3': [
    [
      '2019-02-06T00:00:38.000Z',
      '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be',
      'GET /amzn-s3-demo-bucket1?versioning HTTP/1.1',
      200,
      0.007,
    ],
    ['2019-02-06T00:01:57.000Z', '-', 'PUT /amzn-s3-demo-bucket1/s3-dg.pdf HTTP/1.1', 403, 41.754],
    ['2019-02-06T00:02:00.000Z', 'arn:aws:iam::123456789012:user/bob', 'GET /a HTTP/1.1', 503, '-'],
  ],
  'aws-api-gateway': [
    ['2024-10-02T05:10:46.000Z', '-', '/orders', 200, '-'],
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/orders', 502, 0.316],
    ['2024-10-02T05:10:47.000Z', 'cust_40', '-', 200, 0.007],
  ],
  'aws-api-gateway-clf': [
    ['2024-10-02T05:10:46.000Z', '-', 'GET /orders HTTP/1.1', 200, '-'],
    ['2024-10-02T05:10:46.000Z', 'cust_40', 'POST /orders HTTP/1.1', 502, '-'],
    ['2024-10-02T05:10:47.000Z', 'bob', 'GET /orders/{id} HTTP/1.1', 429, '-'],
  ],
  'google-load-balancer': [
    [
      '2024-10-02T05:10:46.612Z',
      '192.0.2.9',
      'https://api.example.com/customers/cust_40/orders?page=2',
      200,
      0.171373,
    ],
    ['2024-10-02T05:10:47.000Z', '2001:db8::17', 'https://api.example.com/', 502, 30],
    ['2024-10-02T05:10:47.078Z', '192.0.2.9', 'http://api.example.com/cdn.png', 304, '-'],
  ],
  'azure-application-gateway': [
    ['2021-10-14T22:17:11.000Z', '192.0.2.9', '/', 200, 0.034],
    ['2024-10-02T05:10:46.000Z', '2001:db8::17', '/customers/cust_40/orders', 502, 30.001],
    ['2024-10-02T05:10:47.000Z', '192.0.2.9', '/', 499, 0],
  ],
  'azure-front-door': [
    [
      '2024-10-02T05:10:46.123Z',
      '192.0.2.9',
      'https://api.example.com:443/customers/cust_40/orders',
      200,
      0.316,
    ],
    ['2024-10-02T05:10:47.000Z', '2001:db8::17', 'https://api.example.com/', 0, 60.001],
    ['2024-10-02T05:10:48.000Z', '192.0.2.9', 'https://api.example.com/', 499, 0.001],
  ],
  cloudflare: [
    ['2024-10-02T05:10:46.000Z', '192.0.2.9', '/customers/cust_40/orders', 401, 0.022],
    ['2024-10-02T05:10:47.000Z', '2001:db8::17', '/', 200, '-'],
    ['2024-10-02T05:10:48.000Z', '192.0.2.9', '/a', 522, 15.001],
  ],
  'cloudflare-unix': [
    ['2017-09-29T16:28:24.000Z', '192.0.2.9', '/customers/cust_40', 200, 0],
    ['2024-10-02T05:10:46.000Z', '2001:db8::17', '/a', 304, '-'],
    ['2024-10-02T05:10:47.000Z', '192.0.2.9', '/a', 522, 15.001],
  ],
  'cloudflare-unixnano': [
    ['2017-09-29T16:28:24.433Z', '192.0.2.9', '/static/img/testimonial-hipster.png', 200, '-'],
    ['2024-10-02T05:10:46.250Z', '2001:db8::17', '/customers/cust_40', 522, 15.001],
    ['2024-10-02T05:10:47.999Z', '192.0.2.9', '/a', 304, 0],
  ],
  haproxy: [
    ['2009-02-06T12:14:14.655Z', '-', 'GET /index.html HTTP/1.1', 200, 0.109],
    ['2003-10-15T08:32:17.654Z', '-', 'GET /image.iso HTTP/1.0', 200, 0.03],
    ['2003-10-15T08:31:57.130Z', 'cust_40', 'POST /customers/cust_40/orders HTTP/1.1', 503, 0.723],
    ['2009-02-06T12:14:14.655Z', 'quote"d', 'GET /customers/quote"d/a?x=\\ HTTP/1.1', 0, 0.109],
    ['2009-02-06T12:14:14.655Z', '-', 'GET /index.html HTTP/1.1', 200, 0.109],
  ],
  vhost_combined: [
    ['2024-10-02T05:10:46.000Z', 'cust_40', 'GET /a?q=1 HTTP/1.1', 200, '-'],
    ['2024-10-02T03:10:46.000Z', '-', 'OPTIONS * HTTP/1.0', 200, '-'],
    ['2016-12-26T16:22:14.000Z', 'bob', 'GET /hello HTTP/1.1', 404, '-'],
  ],
  'nginx-ingress': [
    ['2020-02-07T11:48:51.000Z', '-', 'POST /products HTTP/1.1', 200, 0.001],
    ['2022-08-24T21:04:17.000Z', 'cust_40', 'POST /_bulk HTTP/1.1', 502, 10.033],
    ['2020-02-07T11:49:50.000Z', '-', 'PATCHp /products/42 HTTP/1.1', 400, 0],
  ],
  'nginx-proxy-manager': [
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/customers/cust_40/orders?page=2', 200, '-'],
    ['2024-10-02T05:10:46.000Z', '-', '/', 304, '-'],
    ['2024-10-02T05:10:47.000Z', '-', '/slow', 499, '-'],
  ],
  kong: [
    ['2024-10-02T05:10:46.000Z', '-', 'GET /customers/cust_40/orders HTTP/1.1', 200, '-'],
    ['2024-10-02T05:10:46.000Z', 'cust_40', 'POST /a HTTP/2.0', 503, '-'],
    ['2024-10-02T05:10:47.000Z', '-', 'GET / HTTP/1.1', 404, '-'],
  ],
  'kong-json': [
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/customers/cust_40?page=2', 200, 1.439],
    ['2024-10-02T05:10:46.250Z', '-', '/a', 503, 0.005],
    ['2024-10-02T05:10:47.000Z', 'Zoë', '/', 404, 0],
  ],
  istio: [
    ['2020-11-25T21:26:18.409Z', '-', '/status/418', 418, 0.004],
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/customers/cust_40/orders', 503, 15.003],
    ['2024-10-02T05:10:47.999Z', '-', '/', 0, 0.3],
  ],
  'caddy-console': [
    ['2021-03-12T08:57:48.541Z', 'bob', '/', 304, 0.00123],
    ['2024-10-02T05:10:46.250Z', '-', '/customers/cust_40/orders?page=2', 502, 1.5],
    ['2024-10-02T05:10:47.000Z', 'cust_1', '/slow', 0, 0.000003],
  ],
  uwsgi: [
    ['2016-03-13T22:49:12.000Z', '-', '/update_metrics', 200, 0.129],
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/static/a.js', 304, 0.000068],
    ['2024-10-16T05:10:47.000Z', 'cust_1', '/a?b=[c]', 500, 0.005],
  ],
  'istio-json': [
    ['2020-11-25T21:26:18.409Z', '-', '/status/418', 418, 0.004],
    ['2024-10-02T05:10:46.000Z', 'cust_40', '/customers/cust_40/orders?page=2', 503, 15.003],
    ['2024-10-02T05:10:47.999Z', '-', '/', 0, 0.3],
  ],
};

function meaningsOf(name: string, lines: readonly string[]): Meaning[] {
  const sample = Buffer.from(lines.join('\n'));
  return understoodLines(sample, true, scanSettings(name, CUSTOMER_ID[name]), lines.length).map((line) => [
    new Date(line.eventTimeMs).toISOString(),
    line.customerId ?? '-',
    line.path ?? '-',
    line.status,
    line.durationUs === undefined ? '-' : line.durationUs / 1e6,
  ]);
}

describe('the preset', () => {
  it.each(PRESETS)('$name reads the lines that its product writes', ({ name, header = [], examples }) => {
    expect(meaningsOf(name, [header, examples].flat())).toEqual(MEANINGS[name]);
  });

  it.each(PRESETS)('$name says whether it knows the customer', ({ format, customer }) => {
    const { unresolved } = parseLogFormat(format);
    const fields = unresolved.layout === 'pattern' ? unresolved.elements : unresolved.fields;
    const knows = fields.some((each) => typeof each === 'object' && each.field.role === 'customer_id');
    expect(knows).toBe(customer !== undefined);
  });

  it.each(PRESETS)('$name rejects lines that are cut off', ({ name, examples }) => {
    const scan = scanSettings(name, CUSTOMER_ID[name], 'nobody');
    for (const example of examples) {
      const half = Buffer.from(example.slice(0, example.length / 4));
      for (const { reason } of linesOfSample(half, true, scan)) expect(reason).toBeDefined();
    }
  });
});

describe('the preset cloudfront', () => {
  it('passes over the lines that name version and fields', () => {
    const columns = [
      'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)',
      'cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken',
      'x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status',
      'fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len',
      'sc-range-start sc-range-end',
    ];
    const head = `#Version: 1.0\n#Fields: ${columns.join(' ')}\n`;
    const [example = ''] = PRESETS.find(({ name }) => name === 'cloudfront')?.examples ?? [];
    const scan = scanSettings('cloudfront', 'cs(Host)');
    const lines = [...linesOfSample(Buffer.from(`${head}${example}\n`), true, scan)];
    expect(lines.map(({ start, reason }) => [start, reason])).toEqual([[head.length, undefined]]);
  });
});

describe('the preset haproxy', () => {
  it('rejects a total time that is not final', () => {
    const [example = ''] = PRESETS.find(({ name }) => name === 'haproxy')?.examples ?? [];
    const scan = scanSettings('haproxy', '/{customer_id}', 'nobody');
    const [line] = linesOfSample(Buffer.from(example.replace('/109 ', '/+109 ')), true, scan);
    expect(line?.reason).toBe('invalid_duration');
  });
});

const reasonsOf = (preset: string, customerId: string | undefined, ...lines: readonly string[]) =>
  [...linesOfSample(Buffer.from(lines.join('\n')), true, scanSettings(preset, customerId, 'nobody'))].map(
    ({ reason }) => reason,
  );

describe('a line of TCP', () => {
  it.each([
    ['haproxy', '10.0.1.2:33313 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0'],
    ['envoy', '[2024-10-02T05:10:46.000Z] "- - -" 0 - 10 20 300 - "-" "-" "-" "-" "10.0.2.1:5432"'],
    [
      'istio',
      '[2024-10-02T05:10:46.000Z] "- - -" 0 - - - "-" 10 20 300 - "-" "-" "-" "-" "10.44.1.27:5432" outbound|5432||db 10.44.1.23:1 10.0.45.184:5432 10.44.1.23:2 - -',
    ],
    [
      'istio-json',
      '{"start_time":"2024-10-02T05:10:46.000Z","method":null,"path":null,"protocol":null,"response_code":0,"response_flags":"-","duration":300,"downstream_remote_address":"10.44.1.23:2"}',
    ],
  ])('is no request in %s', (preset, line) => {
    const customerId = preset === 'istio-json' ? 'downstream_remote_address' : '/customers/{customer_id}';
    expect(reasonsOf(preset, customerId, line)).toEqual([expect.any(String)]);
  });
});

describe('a user agent with quotes that its server does not escape', () => {
  it.each([
    [
      'envoy',
      'REQ(:AUTHORITY)',
      '[2024-10-02T05:10:46.000Z] "GET / HTTP/1.1" 200 - 0 5 7 0 "-" "x" "y" "the-id" "api.example.com" "10.0.2.1:80"',
    ],
    [
      'istio',
      'REQ(:AUTHORITY)',
      '[2024-10-02T05:10:46.000Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 5 7 0 "-" "x" "y" "the-id" "api.example.com" "10.44.1.27:80" outbound|80||a 10.44.1.23:1 10.0.45.184:80 10.44.1.23:2 - default',
    ],
    [
      'traefik',
      'router',
      '10.0.0.9 - bob [02/Oct/2024:05:10:46 +0000] "GET / HTTP/1.1" 200 42 "-" "x" 7 "y" "z" 5ms" 12 "router@docker" "http://10.0.0.1:80" 3ms',
    ],
  ])('never makes another field the customer of %s', (preset, customerId, line) => {
    expect(reasonsOf(preset, customerId, line)).toEqual([expect.any(String)]);
  });
});
