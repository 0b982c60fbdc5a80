import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldedPath } from '../../../src/log-format/endpoints/fold-path.ts';
import { naiveEndpoint } from '../../support/endpoint-oracle.ts';
import { read } from '../../support/judged-lines.ts';
import { check } from '../../support/property.ts';
import { linesReadByKernel } from '../../support/scanning.ts';

const AUTO = { kind: 'auto' } as const;
const COMBINED = (request: string, status: number) =>
  `192.0.2.9 - a [02/Oct/2024:05:10:46 +0000] "${request}" ${status} 5 "-" "curl"`;

/** The endpoints of requests in lines of `combined`. */
function endpointsOf(requests: readonly string[], status = 200): (string | undefined)[] {
  const lines = requests.map((request) => COMBINED(request, status));
  return read(lines, { endpoints: AUTO }).records.map(({ endpoint }) => endpoint);
}

describe('auto', () => {
  it.each([
    ['/orders/17', '/orders/{id}'],
    ['/orders/-5/items/1.25', '/orders/{id}/items/{id}'],
    ['/u/9b2f1c3e-0000-4000-8000-1234567890ab/x', '/u/{id}/x'],
    ['/u/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', '/u/{id}'],
    ['/c/deadbee1', '/c/{id}'],
    ['/c/deadbeef/facade', '/c/deadbeef/facade'],
    ['/c/abc1234', '/c/abc1234'],
    ['/e/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/e/{id}'],
    ['/d/2024-10-02/20241002/2024-10-02T05:10:46.123Z', '/d/{id}/{id}/{id}'],
    ['/t/NffrFeUfNV2Hib3kQ9', '/t/{id}'],
    ['/t/cjld2cjxh0000qzrmn831i7rn', '/t/{id}'],
    ['/m/ada.lovelace+x@example.com/@ada', '/m/{id}/@ada'],
    ['/m/ada%40example.com', '/m/{id}'],
    [`/l/${'a'.repeat(64)}/${'a'.repeat(65)}`, `/l/${'a'.repeat(64)}/{id}`],
    ['/v1/oauth2/resource1/utf-8', '/v1/oauth2/resource1/utf-8'],
    ['/getUserProfile/listAllOpenOrdersByUser', '/getUserProfile/listAllOpenOrdersByUser'],
    ['/f/17.json/report.pdf', '/f/{id}.json/report.pdf'],
    ['//a///b/', '/a/b'],
    ['/', '/'],
    ['/a?id=17#x', '/a'],
    ['/%61%2Fb/caf%c3%a9/100%/%7Ex', '/a%2Fb/caf%C3%A9/100%25/~x'],
    ['/caf\u00e9', '/caf%C3%A9'],
    ['/{id}/x', '/%7Bid%7D/x'],
    ['http://example.com/a/1', '/a/{id}'],
    ['https://example.com?x', '/'],
    ['http://example.com', '/'],
  ])('makes a template of %s', (path, template) => {
    expect(endpointsOf([`GET ${path} HTTP/1.1`])).toEqual([`GET ${template}`]);
  });

  it('takes for (other) what is no path, an unknown method, and what is too long', () => {
    const long = `/${Array.from({ length: 80 }, () => 'word').join('/')}`;
    const odd = ['OPTIONS * HTTP/1.1', 'CONNECT a.example:443 HTTP/1.1', '-', '', 'GET', 'get /a HTTP/1.1'];
    const requests = [...odd, 'GET a/b HTTP/1.1', 'BREW /a HTTP/1.1', `GET ${long} HTTP/1.1`, '\\x16\\x03'];
    expect(endpointsOf(requests)).toEqual(requests.map(() => '(other)'));
  });

  it('takes every request that was answered 404 for (not found), whatever it asked for', () => {
    const requests = ['GET /wp-login.php HTTP/1.1', 'BREW /a HTTP/1.1', '-', 'GET /orders/1 HTTP/1.1'];
    expect(endpointsOf(requests, 404)).toEqual(requests.map(() => '(not found)'));
  });

  it('does not show the customer in a path from which CUSTOMER_ID takes it', () => {
    const lines = [
      COMBINED('GET /accounts/acme/orders/7 HTTP/1.1', 200),
      COMBINED('GET /accounts/7/x HTTP/1.1', 200),
    ];
    const { records } = read(lines, { endpoints: AUTO, customer: '/accounts/{customer_id}' });
    expect(records.map(({ customerId, endpoint }) => [customerId, endpoint])).toEqual([
      ['acme', 'GET /accounts/{customer_id}/orders/{id}'],
      ['7', 'GET /accounts/{customer_id}/x'],
    ]);
  });

  it('takes the path alone where the log has no method, and nothing where it has no path', () => {
    const plain = '2024-10-02 05:10:46 cust_40 /api/v1/orders/12 200 0.316';
    expect(read([plain], { format: 'default', endpoints: AUTO }).records[0]?.endpoint).toBe(
      '/api/v1/orders/{id}',
    );
    const json = 'json timestamp=time customer_id=c status=status';
    const line = '{"time":"2024-10-02T05:10:46Z","c":"a","status":200}';
    expect(read([line], { format: json, endpoints: AUTO }).records[0]).not.toHaveProperty('endpoint');
  });

  const identifier = fc.oneof(
    fc.uuid(),
    fc.ulid(),
    fc.integer().map(String),
    fc.stringMatching(/^[0-9a-f]{6,12}$/),
    fc.stringMatching(/^[A-Za-z0-9_-]{12,24}$/),
    fc.stringMatching(/^[a-z0-9]{14,18}$/),
    fc.stringMatching(/^[a-z.]{1,4}@[a-z.@]{1,6}$/),
    fc.stringMatching(/^\d{4}[0-9TZ:.-]{2,20}$/),
    fc.stringMatching(/^[\d+,.:_-]{1,6}$/),
  );
  const byte = fc.integer({ min: 0, max: 255 }).map((value) => `%${value.toString(16).padStart(2, '0')}`);
  const segment = fc.oneof(
    { weight: 4, arbitrary: identifier },
    { weight: 2, arbitrary: fc.stringMatching(/^[a-z_-]{0,20}$/) },
    { weight: 1, arbitrary: fc.stringMatching(/^[ -~]{0,6}$/) },
    {
      weight: 1,
      arbitrary: fc.tuple(identifier, fc.stringMatching(/^\.[a-z0-9]{1,6}$/)).map((both) => both.join('')),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.oneof(byte, fc.stringMatching(/^[%a-f0-9]{1,3}$/)), { maxLength: 8 })
        .map((p) => p.join('')),
    },
    { weight: 1, arbitrary: fc.integer({ min: 60, max: 70 }).map((length) => 'x'.repeat(length)) },
  );
  const target = fc
    .tuple(
      fc.constantFrom('/', '/', '/', '//', '', 'http://a.example/', 'https://b:8443', 'x:'),
      fc.array(segment, { maxLength: 6 }).map((segments) => segments.join('/')),
      fc.constantFrom('', '', '/', '?a=/1', '#b'),
    )
    .map((parts) => parts.join('').replaceAll('"', ''));
  const method = fc.constantFrom('GET', 'GET', 'POST', 'QUERY', 'OPTIONS', 'get', 'BREW', 'DELETES');
  const status = fc.constantFrom(200, 200, 404, 503, 100);

  it('makes of any path what a plain reading of the rules makes of it, in the kernel, too', () => {
    const before = linesReadByKernel();
    check(
      fc.property(fc.array(fc.tuple(method, target, status), { minLength: 1, maxLength: 40 }), (requests) => {
        const lines = requests.map(([verb, path, code]) => COMBINED(`${verb} ${path} HTTP/1.1`, code));
        const found = read(lines, { endpoints: AUTO }).records.map(({ endpoint }) => endpoint);
        // A backslash begins an escape; the oracle knows none.
        const expected = requests.map(([verb, path, code]) =>
          path.includes('\\') ? expect.any(String) : naiveEndpoint(verb, path, code),
        );
        expect(found).toEqual(expected);
      }),
      400,
    );
    expect(linesReadByKernel() - before).toBeGreaterThan(1000);
  });

  it('makes the same in the default format, whose lines the kernel reads in a shorter way', () => {
    const word = target.filter((path) => /^[!-~]+$/.test(path));
    check(
      fc.property(fc.array(fc.tuple(word, status), { minLength: 1, maxLength: 40 }), (requests) => {
        const lines = requests.map(([path, code]) => `2024-10-02 05:10:46 c ${path} ${code} 0.316`);
        const found = read(lines, { format: 'default', endpoints: AUTO }).records.map(
          ({ endpoint }) => endpoint,
        );
        expect(found).toEqual(requests.map(([path, code]) => naiveEndpoint(undefined, path, code)));
      }),
      200,
    );
  });

  it('leaves a template as it is', () => {
    check(
      fc.property(
        target.filter((path) => /^\/[!-~]*$/.test(path) && !/[?#]/.test(path)),
        (path) => {
          const once = foldedPath(path);
          if (!once.includes('{')) expect(foldedPath(once)).toBe(once);
        },
      ),
      200,
    );
  });
});
