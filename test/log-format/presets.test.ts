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
