import { describe, expect, it } from 'vitest';
import type { FieldElement, LogFormat } from '../../../src/log-format/format.ts';
import { resolveLogFormat } from '../../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../../src/log-format/format-string/parse.ts';
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
  ])('is refused in %s as %s', (text, customerId, message) => {
    expect(() => resolve(text, customerId)).toThrow(wrong(message, 'INVALID_SETTING'));
  });
});
