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
  haproxy: '/customers/{customer_id}',
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
  it.each(PRESETS)('$name reads the lines that its product writes', ({ name, examples }) => {
    expect(meaningsOf(name, examples)).toEqual(MEANINGS[name]);
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
    const head = '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes\n';
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
