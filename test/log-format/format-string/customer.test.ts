import { describe, expect, it } from 'vitest';
import type { CustomerStep, FieldElement, LogFormat } from '../../../src/log-format/format.ts';
import { resolveLogFormat } from '../../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../../src/log-format/format-string/parse.ts';
import { referenceParser } from '../../../src/log-format/reference/reference-parser.ts';
import { UTC } from '../../../src/window/zone.ts';
import { placesOf } from '../../support/customer-places.ts';
import { wrong } from '../../support/format-text.ts';

describe('the place of the customer id', () => {
  const resolve = (text: string, customerId?: string) => resolveLogFormat(parseLogFormat(text), customerId);
  /** The names of the fields that are the customer id. */
  function customersOf(format: LogFormat): string[] {
    const fields = format.layout === 'pattern' ? format.elements : format.fields;
    return (fields as (string | FieldElement)[])
      .filter((each) => typeof each !== 'string')
      .filter(({ field }) => field.role === 'customer_id')
      .map(({ name }) => name);
  }

  it('is where the format says', () => {
    expect(customersOf(resolve('combined'))).toEqual(['%u']);
    expect(customersOf(resolve('traefik-json'))).toEqual(['ClientUsername']);
  });

  it.each([
    ['$time_local $status $remote_user $http_x_key', '$http_x_key', 'http_x_key'],
    ['$time_local $status $remote_user $http_x_key', `\${http_x_key}`, 'http_x_key'],
    ['$time_local $status $remote_user $http_x_key', 'http_x_key', 'http_x_key'],
    ['%t %s %u %{X-Key}i', '%{X-Key}i', '%{X-Key}i'],
    ['%t %s %u %{X-Key}i', '{x-key}i', '%{X-Key}i'],
    ['%t %s %u %{X-Key}i', '%u', '%u'],
    ['%START_TIME% %RESPONSE_CODE% %REQ(X-KEY):9%', 'REQ(x-key)', 'REQ(X-KEY)'],
    ['%START_TIME% %RESPONSE_CODE% %REQ(X-KEY):9%', '%REQ(X-KEY)%', 'REQ(X-KEY)'],
    ['{timestamp} {status} {-key}', 'key', 'key'],
    ['{timestamp} {status} {-key}', '{-key}', 'key'],
    ['cloudfront', 'cs(Host)', 'cs(Host)'],
    ['aws-alb', 'domain_name', 'domain_name'],
    ['caddy', 'request.headers.X-Customer-Id', 'request.headers.X-Customer-Id'],
    ['logfmt timestamp=at status=status', 'user', 'user'],
    ['csv timestamp=at status=status', 'The user', 'The user'],
  ])('is in %s what %s names', (text, customerId, name) => {
    const format = resolve(text, customerId);
    expect(customersOf(format)).toEqual([name]);
    expect(format.customerPath).toBeUndefined();
  });

  it.each([
    ['aws-alb', 'client', 'client:port'],
    ['aws-alb', '$remote_addr', 'client:port'],
    ['aws-alb', '%h', 'client:port'],
    ['combined', 'client', '%h'],
    ['combined', 'c-ip', '%h'],
    ['traefik', '%h', 'client'],
    ['cloudfront', '$remote_addr', 'c-ip'],
    ['$time_local $status $remote_addr', 'client', 'remote_addr'],
    ['%START_TIME% %RESPONSE_CODE% %DOWNSTREAM_REMOTE_ADDRESS%', 'client', 'DOWNSTREAM_REMOTE_ADDRESS'],
    [
      '%START_TIME% %RESPONSE_CODE% %DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
      '$remote_addr',
      'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT',
    ],
  ])('is in %s the address of the client, which %s means: %s', (text, customerId, name) => {
    expect(customersOf(resolve(text, customerId))).toEqual([name]);
  });

  it('is in JSON one of the keys of addresses, which $remote_addr means there; a name without a sign is a key', () => {
    expect(customersOf(resolve('traefik-json', '$remote_addr'))).toContain('ClientHost');
    expect(customersOf(resolve('caddy', '%h'))).toContain('request.remote_ip');
    expect(customersOf(resolve('caddy', 'client'))).toEqual(['client']);
  });

  it('can be in several places, in their order', () => {
    const format = resolve('combined', '%u, /a/{customer_id}, %h');
    expect(format.customerPaths).toEqual([{ rank: 1, steps: [], template: '/a/{customer_id}' }]);
    expect(customersOf(format)).toEqual(['%h', '%u']);
    expect(placesOf(format).map(({ rank }) => rank)).toEqual([2, 0, 1]);
  });

  it.each<[string, string, readonly CustomerStep[]]>([
    ['forwarded[-1]', 'forwarded', [{ kind: 'item', index: -1 }]],
    ['"a, b"[0]', 'a, b', [{ kind: 'item', index: 0 }]],
    ['auth: Bearer {customer_id}.*', 'auth', [{ kind: 'template', text: 'Bearer {customer_id}.*' }]],
    ['auth: "{customer_id} | x"', 'auth', [{ kind: 'template', text: '{customer_id} | x' }]],
    ['auth | jwt.sub', 'auth', [{ kind: 'claim', path: ['sub'] }]],
    ['auth | jwt.https://a\\.b/c.id', 'auth', [{ kind: 'claim', path: ['https://a.b/c', 'id'] }]],
    [
      'x[1]: {customer_id};* | address:port',
      'x',
      [
        { kind: 'item', index: 1 },
        { kind: 'template', text: '{customer_id};*' },
        { kind: 'address', hasPort: true },
      ],
    ],
    ['a,b|c:d', 'a,b|c:d', []],
    ['The user', 'The user', []],
    ['ClientAddr', 'ClientAddr', [{ kind: 'address', hasPort: false }]],
    ['ClientAddr: {customer_id}', 'ClientAddr', [{ kind: 'template', text: '{customer_id}' }]],
  ])('is %s: a name and steps', (customerId, name, steps) => {
    const format = resolve('json timestamp=t status=s', customerId);
    expect(customersOf(format)).toEqual([name]);
    expect(placesOf(format)).toEqual([{ rank: 0, steps }]);
  });

  it.each([['$remote_addr:$remote_port'], ['[$remote_addr]:$remote_port']])(
    'is an address of either version where %s stands',
    (written) => {
      const format = resolve(`${written} [$time_local] $status`, '$remote_addr');
      const read = (address: string) => {
        const parser = referenceParser({ format, logZone: UTC, missingCustomerId: undefined });
        const client = written.replace('$remote_addr', address).replace('$remote_port', '50122');
        const line = Buffer.from(`${client} [02/Oct/2024:05:10:46 +0000] 200`);
        const parsed = { eventTimeMs: 0, customerId: new Uint8Array(), status: 0, durationUs: 0 };
        return parser.parse(line, 0, line.length, parsed) ?? Buffer.from(parsed.customerId).toString();
      };
      expect(read('192.0.2.1')).toBe('192.0.2.1');
      expect(read('fe80::1')).toBe('fe80::1');
    },
  );

  it('can be in the path, and then is nowhere else', () => {
    const format = resolve('combined', '/v1/*/{customer_id}');
    expect(format.customerPath).toBe('/v1/*/{customer_id}');
    expect(customersOf(format)).toEqual([]);
    expect(customersOf(resolve('caddy', '/{customer_id}'))).toEqual([]);
  });

  it.each([
    [
      'envoy',
      undefined,
      'set CUSTOMER_ID to a place in the request path (such as /customers/{customer_id}), or to the name of a field',
    ],
    [
      'json timestamp=a status=b',
      undefined,
      'set CUSTOMER_ID to the name of a field of the line (such as customer)',
    ],
    ['json timestamp=a status=b', '/{customer_id}', 'the log format has no request path'],
    ['json timestamp=a status=b', 'b', 'that is the status of the log format'],
    ['combined', '%r', 'that is the request of the log format'],
    ['combined', '%{User-Agnt}i', 'Did you mean %{User-Agent}i?'],
    ["log_format a '$msec $status $http_x_api_key';", '$http_x_api_kye', 'Did you mean $http_x_api_key?'],
    ["log_format a '$msec $status $http_x_api_key';", 'http_x_api_kye', 'Did you mean $http_x_api_key?'],
    ['combined', '%{X}C', 'It has: %h, %l, %u, %b, %{Referer}i, %{User-Agent}i.'],
    ['combined', '/customers', '{customer_id}'],
    ['combined', '/a{customer_id}', '{customer_id}'],
    ['caddy', 'a, ', 'CUSTOMER_ID, at its end: a name or a path template is missing.'],
    ['caddy', ', a', 'CUSTOMER_ID, character 1 (`, a`): a name or a path template is missing.'],
    ['caddy', 'a,', 'character 1 (`a,`): nothing follows the last sign; put a name that ends so in quotes.'],
    ['caddy', 'a, "b', 'character 4 (`"b`): a quote is not closed.'],
    ['caddy', '"a"b', 'character 4 (`b`): after the quote, `, `, ` | `, `: ` or nothing must follow.'],
    ['caddy', '"a"[x]', 'character 4 (`[x]`): an item of a list is `[0]`'],
    [
      'caddy',
      'a | jwt',
      'character 5 (`jwt`): `jwt` is no step; there are address, address:port, jwt.CLAIM, [INDEX].',
    ],
    ['caddy', 'a | adress', 'Did you mean address?'],
    ['caddy', 'a: b', 'character 4 (`b`): a template needs `{customer_id}`.'],
    ['caddy', 'a: *{customer_id}', 'character 5 (`{customer_id}`): put text between `*` and `{customer_id}`'],
    ['caddy', 'a: "x{id}"', 'character 6 (`{id}"`): the only name in braces is `{customer_id}`'],
    [
      'caddy',
      'a: {customer_id}-{customer_id}',
      'character 18 (`{customer_id}`): a template has `{customer_id}` once',
    ],
    ['caddy', 'a: {customer_id}\\d', 'character 17 (`\\d`): a backslash must stand before a sign'],
    ['caddy', 'a, /x', '{customer_id}'],
    [
      'caddy',
      Array.from({ length: 17 }, (_, i) => `k${i}`).join(', '),
      'character 71 (`k16`): at most 16 places',
    ],
    ['caddy', 'a, status', 'that is the status of the log format'],
    ['combined', '%h, %D', 'CUSTOMER_ID is `%D`, but the log format has no such field. It has: %h,'],
    [
      '{timestamp} {-user} {status}',
      '$remote_addr',
      'None of its fields is known to be the client’s address.',
    ],
  ])('is refused in %s as %s', (text, customerId, message) => {
    expect(() => resolve(text, customerId)).toThrow(wrong(message, 'INVALID_SETTING'));
  });
});
