import { describe, expect, it } from 'vitest';
import { scanSettings } from '../../support/scan-settings.ts';
import { type Scanned, scan } from '../../support/scanning.ts';

/** What the scanner, with its kernel, says of one line. */
function verdict(format: string, line: string, customerId?: string): Scanned['records'][number] | string {
  const { records, rejections } = scan(Buffer.from(`${line}\n`), {
    settings: scanSettings(format, customerId),
  });
  return records[0] ?? rejections[0]?.reason ?? 'nothing';
}

describe('a list of upstreams without quotes', () => {
  const FORMAT =
    '$remote_user [$time_local] $upstream_addr $upstream_status $upstream_cache_status $upstream_response_length $upstream_connect_time $status $upstream_response_time $request_time';
  const line = (addr: string, statuses: string, lengths: string, times: string) =>
    `u [24/Aug/2020:01:28:53 +0000] ${addr} ${statuses} MISS ${lengths} ${times} 502 ${times} 0.683`;

  it.each([
    ['one', '10.0.0.1:443', '200', '57', '0.092'],
    ['two attempts', '10.0.0.1:443, 10.0.0.2:443', '502, 200', '0, 57', '0.096, 0.092'],
    ['another group', '10.0.0.1:80 : unix:/run/a.sock', '502 : 200', '0 : 57', '0.096 : 0.092'],
    ['both', '[::1]:80, unix:/a, b : c', '-, 502, - : 200', '-, 0, - : 7', '-, 0.1, - : 0.2'],
    ['none', '-', '-', '-', '-'],
  ])('ends where the last of its items ends: %s', (_, addr, statuses, lengths, times) => {
    expect(verdict(FORMAT, line(addr, statuses, lengths, times))).toEqual({
      eventTimeMs: Date.parse('2020-08-24T01:28:53Z'),
      customerId: 'u',
      status: 502,
      durationUs: 683_000,
    });
  });

  it('may be the last field of the line', () => {
    const format = '$remote_user [$time_local] $status $upstream_addr';
    const of = (addr: string) => verdict(format, `u [24/Aug/2020:01:28:53 +0000] 200 ${addr}`);
    expect(of('10.0.0.1:80, 10.0.0.2:80 : a')).toMatchObject({ customerId: 'u' });
    expect(of('-')).toMatchObject({ customerId: 'u' });
    expect(of('10.0.0.1:80 x')).toBe('extra_field');
    expect(of('10.0.0.1:80, 10.0.0.2:80 x')).toBe('extra_field');
    expect(of('10.0.0.1:80,  x')).not.toMatchObject({ customerId: 'u' });
  });

  it('does not swallow what follows it', () => {
    const format = '[$time_local] $upstream_addr $http_x_customer_id $status';
    const of = (rest: string) => verdict(format, `[24/Aug/2020:01:28:53 +0000] ${rest}`);
    expect(of('10.0.0.1:80, 10.0.0.2:80 cust_1 200')).toMatchObject({ customerId: 'cust_1' });
    expect(of('10.0.0.1:80 cust_1 200')).toMatchObject({ customerId: 'cust_1' });
    expect(of('10.0.0.1:80, cust_1 200')).toBe('invalid_status');
    expect(of('10.0.0.1:80 , cust_1 200')).toBe('invalid_status');
  });

  it('is bounded by what the format has around it', () => {
    const format = '$remote_user [$time_local] "$upstream_addr" [$upstream_status] $status|$upstream_addr|';
    const text = 'u [24/Aug/2020:01:28:53 +0000] "a, b : c" [502, 200] 200|a, b|';
    expect(verdict(format, text)).toMatchObject({ customerId: 'u', status: 200 });
  });

  it('leaves a separator that the format has to the format', () => {
    const format = '$remote_user [$time_local] $upstream_addr : $status';
    expect(verdict(format, 'u [24/Aug/2020:01:28:53 +0000] 10.0.0.1:80 : 200')).toMatchObject({
      status: 200,
    });
  });
});

describe('a request without quotes', () => {
  const FORMAT = '$remote_addr [$time_local] $request $http_host $status $request_time';
  const of = (request: string, customerId = '$http_host') =>
    verdict(FORMAT, `192.0.2.1 [17/Aug/2015:00:04:53 +0800] ${request} a.example 200 0.137`, customerId);

  it.each([
    'GET /dxxx.htm HTTP/1.1',
    'GET /a b/c HTTP/1.0',
    'GET /a  HTTP/2',
    'POST /HTTP/1.1 HTTP/3.0',
    'GET /\\x22 HTTP/1.1',
    '-',
    '',
  ])('ends behind its protocol: %s', (request) => {
    expect(of(request)).toMatchObject({ customerId: 'a.example', status: 200, durationUs: 137_000 });
  });

  it('says the customer by its path', () => {
    expect(of('GET /customers/a b/orders HTTP/1.1', '/customers/{customer_id}')).toMatchObject({
      customerId: 'a b',
    });
    expect(of('-', '/customers/{customer_id}')).toBe('missing_customer_id');
  });

  it.each([
    'GET /',
    '\\x16\\x03\\x01',
    'GET /x HTTP/1.1 evil.example 200 0.1 HTTP/1.1',
    '- evil.example 200 0.1 HTTP/1.1',
    'GET /x HTTP/1.10',
    'GET /x HTTPS/1.1',
  ])('rejects the line where nobody can tell its end: %s', (request) => {
    expect(of(request)).toBe('malformed_line');
  });

  it('may be the last field of the line, and a field that is passed over', () => {
    const last = '$remote_user [$time_local] $status $request';
    const time = 'u [17/Aug/2015:00:04:53 +0800]';
    expect(verdict(last, `${time} 200 GET /a b HTTP/1.1`)).toMatchObject({ customerId: 'u' });
    expect(verdict(last, `${time} 200 GET /a b HTTP/1.1 x`)).toBe('malformed_line');
    const both = '$remote_user [$time_local] $request_uri $request $status';
    expect(verdict(both, `${time} /a GET /a b HTTP/1.1 200`)).toMatchObject({ status: 200 });
    const apache = '%u %t %r %>s';
    expect(verdict(apache, `${time} GET /a b HTTP/1.1 200`)).toMatchObject({ status: 200 });
    const own = '{customer_id} [{timestamp:clf}] {-r:request} {status}';
    expect(verdict(own, `${time} GET /a b HTTP/1.1 200`)).toMatchObject({ status: 200 });
  });
});

describe('a user that Apache writes as ""', () => {
  it('is none', () => {
    const line = (user: string) => `192.0.2.1 - ${user} [17/Aug/2015:00:04:53 +0800] "GET / HTTP/1.1" 200 5`;
    expect(verdict('common', line('""'))).toBe('missing_customer_id');
    expect(verdict('common', line('"a"'))).toMatchObject({ customerId: '"a"' });
    const inQuotes = '%h "%u" %t "%r" %>s';
    const quoted = (user: string) => `192.0.2.1 "${user}" [17/Aug/2015:00:04:53 +0800] "GET / HTTP/1.1" 200`;
    expect(verdict(inQuotes, quoted('""'))).toBe('missing_customer_id');
    expect(verdict(inQuotes, quoted(''))).toBe('missing_customer_id');
    expect(verdict(inQuotes, quoted('bob'))).toMatchObject({ customerId: 'bob' });
  });

  it('counts for the customer of lines without one', () => {
    const settings = scanSettings('combined', undefined, 'anonymous');
    const line = '192.0.2.1 - "" [17/Aug/2015:00:04:53 +0800] "GET / HTTP/1.1" 200 5 "-" "-"\n';
    expect(scan(Buffer.from(line), { settings }).records).toMatchObject([{ customerId: 'anonymous' }]);
  });
});
