import { describe, expect, it } from 'vitest';
import type { Escapes, LogFormat } from '../../../src/log-format/format.ts';
import { parsePathTemplate } from '../../../src/log-format/reference/path-template.ts';
import { may, must, STATUS } from '../../support/log-formats.ts';
import { readerOf } from '../../support/reading.ts';

function customerOf(customerPath: string, path: string, escapes: Escapes = 'none'): string {
  const time = must({ role: 'timestamp', kind: 'epoch_s' });
  const elements = [time, ' "', may({ role: 'request_path' }), '" ', STATUS] as const;
  const format: LogFormat = { layout: 'pattern', escapes, customerPath, isOpenEnded: false, elements };
  const verdict = readerOf(format)(`1 "${path}" 200`);
  return typeof verdict === 'string' ? verdict : verdict.customerId;
}

/** Requests of which nobody can tell where their path begins or ends. */
const UNCLEAR = [
  'GET /x y',
  'GET /x y z',
  'GET  /x HTTP/1.1',
  'GET /x  HTTP/1.1',
  'GET /x HTTP/1.1 ',
  'GET /x HTTP/1.1 y HTTP/1.1',
  'GET /x HTTP/1.1 /y HTTP/1.0',
];

describe('a customer id in the request path', () => {
  it.each([
    ['/accounts/{customer_id}/orders', '/accounts/a%20b/orders/7?x=/accounts/y/orders', 'a b'],
    ['/accounts/{customer_id}', 'https://api.example.com:443/accounts/x', 'x'],
    ['/accounts/{customer_id}', '/accounts/x#y', 'x'],
    ['/accounts/{customer_id}', '/accounts/%C3%A9', 'é'],
    ['/accounts/{customer_id}', '/accounts/é', 'é'],
    ['/accounts/{customer_id}', '/accounts/-', '-'],
    ['/*/{customer_id}/', '/v1/x', 'x'],
    ['/search?key={customer_id}', '/search?akey=1&key=a+b&key=2', 'a+b'],
    ['/?key={customer_id}', '/any/where?key=x', 'x'],
    ['/accounts/{customer_id}', '/accounts', 'missing_customer_id'],
    ['/accounts/{customer_id}', '/accounts/', 'missing_customer_id'],
    ['/accounts/{customer_id}', '/Accounts/x', 'missing_customer_id'],
    ['/accounts/{customer_id}', 'accounts/x', 'missing_customer_id'],
    ['/accounts/{customer_id}', '*', 'missing_customer_id'],
    ['/accounts/{customer_id}', '-', 'missing_customer_id'],
    ['/accounts/{customer_id}', '', 'missing_customer_id'],
    ['/accounts/{customer_id}', 'https://api.example.com', 'missing_customer_id'],
    ['/a/{customer_id}/b', '/a/x', 'missing_customer_id'],
    ['/search?key={customer_id}', '/search?key=', 'missing_customer_id'],
    ['/search?key={customer_id}', '/search?other=1', 'missing_customer_id'],
    ['/search?key={customer_id}', '/other?key=1', 'missing_customer_id'],
    ['/accounts/{customer_id}', '/accounts/%', 'invalid_customer_id'],
    ['/accounts/{customer_id}', '/accounts/%G0', 'invalid_customer_id'],
    ['/accounts/{customer_id}', '/accounts/%FF', 'invalid_customer_id'],
    ['/accounts/{customer_id}', '/accounts/%00', 'invalid_customer_id'],
    ['/accounts/{customer_id}', '/accounts/x\u007f', 'invalid_request_path'],
  ])('%s of %s is %s', (template, path, customer) => {
    expect(customerOf(template, path)).toBe(customer);
  });

  it('is compared and taken when the escapes of the line are resolved', () => {
    expect(customerOf('/é/{customer_id}', '/\\xC3\\xA9/a\\"b', 'backslash')).toBe('a"b');
    expect(customerOf('/a/{customer_id}', '\\/a\\/\\u00e9', 'json')).toBe('é');
    expect(customerOf('/a/{customer_id}', '/a/\\ud83d', 'json')).toBe('invalid_customer_id');
  });

  it('is there only in a request with a method and a protocol around its path', () => {
    const elements = [
      must({ role: 'timestamp', kind: 'epoch_s' }),
      ' "',
      must({ role: 'request' }),
      '" ',
      STATUS,
    ];
    const format: LogFormat = {
      ...{ layout: 'pattern', escapes: 'backslash', isOpenEnded: false, elements },
      customerPath: '/{customer_id}',
    };
    const read = readerOf(format);
    expect(read('1 "GET /x HTTP/1.1" 200')).toMatchObject({ customerId: 'x' });
    expect(read('1 "GET /x y/z HTTP/1.1" 200')).toMatchObject({ customerId: 'x y' });
    expect(read('1 "GET http://a/x  y?q=1 2 HTTP/2" 200')).toMatchObject({ customerId: 'x  y' });
    for (const request of ['', '-', 'GET /x', '/x', '\\x16\\x03', ...UNCLEAR])
      expect(read(`1 "${request}" 200`)).toBe('missing_customer_id');
  });
});

describe('a path template', () => {
  it.each([
    'accounts/{customer_id}',
    '/accounts',
    '/{customer_id}/{customer_id}',
    '/a-{customer_id}',
    '/{account}/{customer_id}',
    '/a?x=1&key={customer_id}',
    '/a?{customer_id}',
    '/a?={customer_id}',
    '/{customer_id}?a=b',
    '/a#{customer_id}',
    '/a b/{customer_id}',
    '',
  ])('%j is none', (text) => {
    expect(() => parsePathTemplate(text)).toThrow(expect.objectContaining({ code: 'INVALID_SETTING' }));
  });
});
