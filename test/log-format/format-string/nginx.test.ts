import { describe, expect, it } from 'vitest';
import { NGINX_JSON_DIRECTIVE } from '../../../src/log-format/presets.ts';
import { elementsOf, parse, wrong } from '../../support/format-text.ts';

describe('the log_format of nginx', () => {
  const MAIN = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"`;
  const READ =
    '<-remote_addr> - <customer_id?> [<timestamp clf>] "<request?>" <status> <-body_bytes_sent> "<-http_referer>" "<-http_user_agent>"';

  it('is read as a value', () => expect(elementsOf(MAIN)).toBe(READ));

  it('is read as the directive that stands in the configuration', () => {
    const directive = `log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      # what the client got
                      '$status $body_bytes_sent "$http_referer" '
                      "\\"$http_user_agent\\"";`;
    expect(elementsOf(directive)).toBe(READ);
    expect(parse(directive).escapes).toBe('backslash');
  });

  it.each([
    ['default', 'backslash'],
    ['json', 'json'],
    ['none', 'none'],
  ])('escapes by escape=%s', (name, escapes) => {
    expect(parse(`log_format a escape=${name} '$msec $status';`).escapes).toBe(escapes);
  });

  it('is read where it makes JSON of its own', () => {
    expect(elementsOf(NGINX_JSON_DIRECTIVE)).toContain('"request":"<request?>","status":"<status>"');
  });

  it.each([
    ['$request_time', 'duration s'],
    ['$upstream_response_time', 'duration s'],
    ['$msec', 'timestamp epoch_s'],
    ['$time_iso8601', 'timestamp iso8601'],
    [`\${request_uri}`, 'request_path'],
    ['$http_x_customer_id', 'customer_id'],
  ])('says by %s the %s', (variable, field) => {
    const rest = field.startsWith('timestamp') ? '$status' : '$time_local $status';
    expect(elementsOf(`${variable} ${rest}`)).toMatch(new RegExp(`^<${field}\\??> `));
  });

  it('counts the whole time of a request before that of the upstream', () => {
    expect(elementsOf('$time_local $status $upstream_response_time $request_time')).toBe(
      '<timestamp clf> <status> <-upstream_response_time> <duration s?>',
    );
  });

  it('takes a customer header for the customer before the user', () => {
    expect(elementsOf('$time_local $status $remote_user $http_x_customer_id')).toBe(
      '<timestamp clf> <status> <-remote_user> <customer_id?>',
    );
  });

  it('joins a path with its query, and a URL with its scheme', () => {
    expect(elementsOf('$time_local $status $uri$is_args$args')).toBe(
      '<timestamp clf> <status> <request_path?>',
    );
    expect(elementsOf('$time_local $status $scheme://$host$request_uri')).toBe(
      '<timestamp clf> <status> <request_path?>',
    );
  });

  it.each([
    ["log_format a escape=jsn '$msec $status';", 'Did you mean json?'],
    ["log_format a '$msec $status;", 'A quote is not closed'],
    ['log_format a;', 'has a name but no format'],
    ['$msec $status $', 'A `$` must be followed by the name of a variable'],
    ['$msec$status', 'Nothing separates msec from status'],
    ['$remote_addr $status', 'It has no time (such as $time_local)'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));
});
