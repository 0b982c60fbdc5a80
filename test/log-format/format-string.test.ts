import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldElement, LogFormat } from '../../src/log-format/format.ts';
import { resolveLogFormat } from '../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import { NGINX_JSON_DIRECTIVE, PRESETS } from '../../src/log-format/presets.ts';
import { check } from '../support/property.ts';

const parse = (text: string): LogFormat => parseLogFormat(text).unresolved;

/** A field in short: `status`, `timestamp clf`, `duration ms?`, `-name` for one that is passed over. */
function inShort({ field, name, isOptional }: FieldElement): string {
  if (field.role === 'skip') return `-${name}`;
  const kind =
    field.role === 'timestamp' ? ` ${field.kind}` : field.role === 'duration' ? ` ${field.unit}` : '';
  return `${field.role}${kind}${isOptional ? '?' : ''}`;
}

/** The elements of a pattern: text as it stands, fields in brackets. */
function elementsOf(text: string): string {
  const format = parse(text);
  if (format.layout !== 'pattern') throw new Error(`${format.layout} is no pattern`);
  return format.elements
    .map((element) => (typeof element === 'string' ? element : `<${inShort(element)}>`))
    .join('');
}

const wrong = (message: string, code = 'INVALID_LOG_FORMAT') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('a pattern', () => {
  it('has fields in braces and text between them', () => {
    expect(parse('{timestamp} "{customer_id?}" {status}')).toEqual({
      layout: 'pattern',
      escapes: 'none',
      isOpenEnded: false,
      elements: [
        { field: { role: 'timestamp', kind: 'iso8601' }, name: 'timestamp', isOptional: false },
        ' "',
        { field: { role: 'customer_id' }, name: 'customer_id', isOptional: true },
        '" ',
        { field: { role: 'status' }, name: 'status', isOptional: false },
      ],
    });
  });

  it.each(['datetime', 'iso8601', 'clf', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns'])(
    'takes a time as %s',
    (kind) => expect(elementsOf(`{timestamp:${kind}} {status}`)).toBe(`<timestamp ${kind}> <status>`),
  );

  it.each(['s', 'ms', 'us', 'ns'])('takes durations in %s', (unit) => {
    expect(elementsOf(`{timestamp} {status} {duration:${unit}?}`)).toContain(`<duration ${unit}?>`);
  });

  it('passes over what is not needed, by a name or without one', () => {
    expect(elementsOf('{-} {-cs(User-Agent)} {timestamp} {status}')).toBe(
      '<--> <-cs(User-Agent)> <timestamp iso8601> <status>',
    );
  });

  it('takes durations with their unit behind them, and lists of them', () => {
    const format = parse('{timestamp} {status} {duration:ms+unit} {duration:s+list}');
    expect(format.layout === 'pattern' && format.elements.slice(4)).toMatchObject([
      { field: { role: 'duration', unit: 'ms', unitSuffix: 'ms' } },
      ' ',
      { field: { role: 'duration', unit: 's', isList: true } },
    ]);
  });

  it('may go on with anything, begin comments by a sign, and hold escapes', () => {
    expect(parse('{comments:#}{escapes:backslash}{timestamp} {status} {...}')).toMatchObject({
      isOpenEnded: true,
      commentPrefix: '#',
      escapes: 'backslash',
    });
  });

  it('writes braces twice, a tab as \\t and a backslash as two', () => {
    expect(elementsOf('{{{timestamp}}}\\t{status}\\\\')).toBe('{<timestamp iso8601>}\t<status>\\');
  });

  it.each([
    ['{timestamp} {stats}', 'character 13 (`{stats}`): {stats} is no field.'],
    ['{timestamp} {stats}', 'Did you mean {status}?'],
    ['{timestamp:is8601} {status}', 'Did you mean iso8601?'],
    ['{timestamp} {status} {duration}', 'A duration needs its unit'],
    ['{timestamp} {status} {duration:min}', 'min is none of s, ms, us, ns'],
    ['{timestamp}{status}', 'timestamp and status stand side by side'],
    ['{timestamp?} {status}', 'The timestamp cannot be optional'],
    ['{timestamp} {status} {status}', 'The line already has a {status}'],
    ['{timestamp} {request} {request_path} {status}', 'The line already has a {request_path}'],
    ['{status} {customer_id}', 'It has no time (such as {timestamp})'],
    ['{timestamp} {customer_id}', 'It has no status (such as {status})'],
    ['{timestamp} {status', 'A brace has no partner'],
    ['{timestamp} {...} {status}', '`{...}` (anything may follow) stands at the end only'],
    ['{timestamp} {status:3}', 'status takes nothing behind a colon'],
    ['{escapes:html}{timestamp} {status}', 'escapes are none, backslash, json'],
    ['{timestamp}\\x{status}', '`\\t` is a tab'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));

  it('gives back any text between fields', () => {
    const texts = fc.string({ minLength: 1, maxLength: 8 });
    check(
      fc.property(texts, texts, (a, b) => {
        const written = [a, b].map((text) => text.replace(/[{}]/g, '$&$&').replaceAll('\\', '\\\\'));
        const format = parse(`pattern:{timestamp}${written[0]}{status}${written[1]}`);
        expect(format.layout === 'pattern' && [format.elements[1], format.elements[3]]).toEqual([a, b]);
      }),
    );
  });
});

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
    ['$msec$status', 'msec and status stand side by side'],
    ['$remote_addr $status', 'It has no time (such as $time_local)'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));
});

describe('the LogFormat of Apache', () => {
  const READ = '<-%h> <-%l> <customer_id?> [<timestamp clf>] "<request?>" <status> <-%b>';

  it.each([
    ['the directive', String.raw`LogFormat "%h %l %u %t \"%r\" %>s %b" common`],
    ['another directive', String.raw`CustomLog "logs/access_log" "%h %l %u %t \"%r\" %>s %b"`],
    ['its value with quotes', String.raw`"%h %l %u %t \"%r\" %>s %b"`],
    ['its value with backslashes', String.raw`%h %l %u %t \"%r\" %>s %b`],
    ['its value as it is meant', '%h %l %u %t "%r" %>s %b'],
  ])('is read as %s', (_, text) => {
    expect(elementsOf(text)).toBe(READ);
    expect(parse(text).escapes).toBe('backslash');
  });

  it.each([
    ['%{%Y-%m-%dT%H:%M:%S}t', 'iso8601'],
    ['%{%F %T}t', 'iso8601'],
    ['%{%Y-%m-%dT%H:%M:%S}t.%{msec_frac}t%{%z}t', 'iso8601'],
    ['%{%Y-%m-%d}t %{%H:%M:%S}t', 'iso8601'],
    ['%{%Y-%m-%dT%H:%M:%S}tZ', 'iso8601'],
    ['%{%d/%b/%Y:%T %z}t', 'clf'],
    ['%{%d/%b/%Y:%T}t.%{usec_frac}t %{%z}t', 'clf'],
    ['%{sec}t', 'epoch_s'],
    ['%{%s}t.%{msec_frac}t', 'epoch_s'],
    ['%{begin:msec}t', 'epoch_ms'],
    ['%{end:usec}t', 'epoch_us'],
  ])('takes the time from %s', (time, kind) => {
    expect(elementsOf(`${time} %>s`)).toBe(`<timestamp ${kind}> <status>`);
  });

  it('takes the first of several times', () => {
    expect(elementsOf('%{%Y-%m-%dT%H:%M:%S}tZ %{begin:sec}t %t %s')).toBe(
      '<timestamp iso8601> <-%{begin:sec}t> [<-%t>] <status>',
    );
    expect(elementsOf('%{%A}t %{sec}t %s')).toBe('<-%{%A}t> <timestamp epoch_s> <status>');
  });

  it('takes the last status, and the finest duration', () => {
    expect(elementsOf('%t %s %>s %T %{ms}T %D')).toBe(
      '[<timestamp clf>] <-%s> <status> <-%T> <-%{ms}T> <duration us>',
    );
    expect(elementsOf('%t %<s %T')).toBe('[<timestamp clf>] <status> <duration s>');
    expect(elementsOf('%t %s %{ms}T')).toBe('[<timestamp clf>] <status> <duration ms>');
  });

  it.each(['%{X-Customer-Id}i', '%!200,304{X-Customer-ID}i', '%{X-CUSTOMER-ID}C', '%{X_CUSTOMER_ID}e'])(
    'takes %s for the customer before the user',
    (header) =>
      expect(elementsOf(`%t %s %u ${header}`)).toBe('[<timestamp clf>] <status> <-%u> <customer_id?>'),
  );

  it('joins a path with its query, and knows the sign itself', () => {
    expect(elementsOf('%t %s %m %U%q 100%%')).toBe('[<timestamp clf>] <status> <-%m> <request_path?> 100%');
  });

  it.each([
    ['%t %y %s', 'character 4 (`%y %s`): %y is no directive of Apache'],
    ['%t %s %{min}T', 'the unit of %T is s, ms or us'],
    ['%{%A}t %s', 'The form of the time is not known'],
    ['%t %s %', 'A `%` must begin a directive'],
    ['%h %s', 'It has no time (such as %t)'],
    ['LogFormat combined', 'must stand in double quotes'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));
});

describe('the format of Envoy', () => {
  it('is read with its newline at the end, and headers cut at a length', () => {
    expect(
      elementsOf(
        '[%START_TIME%] "%REQ(:METHOD):5% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %DURATION% %REQ(X-CUSTOMER-ID):64%\\n',
      ),
    ).toBe(
      '[<timestamp iso8601>] "<-REQ(:METHOD)> <request_path?> <-PROTOCOL>" <status> <duration ms?> <customer_id?>',
    );
  });

  it.each([
    ['%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%', 'iso8601'],
    ['%START_TIME(%Y/%m)%', undefined],
    ['%START_TIME(%s.%3f)%', 'epoch_s'],
    ['%START_TIME(%s%3f)%', 'epoch_ms'],
    ['%START_TIME(%s%6f)%', 'epoch_us'],
    ['%START_TIME(%s%9f)%', 'epoch_ns'],
    ['%START_TIME(%d/%b/%Y:%H:%M:%S %z)%', 'clf'],
  ])('takes the time from %s', (time, kind) => {
    const text = `${time} %RESPONSE_CODE%`;
    if (kind) expect(elementsOf(text)).toBe(`<timestamp ${kind}> <status>`);
    else expect(() => parse(text)).toThrow(wrong('The form of the time is not known'));
  });

  it('is refused where an operator is broken', () => {
    expect(() => parse('%START_TIME% %RESPONSE_CODE% %duration%')).toThrow(wrong('An operator is written'));
  });
});

describe('a mapping', () => {
  it('leads through JSON by dotted paths', () => {
    expect(
      parse(
        'json timestamp=ts:epoch_s customer_id=request.headers.X\\.Id? status=status duration="a b":ms+unit',
      ),
    ).toEqual({
      layout: 'json',
      escapes: 'json',
      fields: [
        { field: { role: 'timestamp', kind: 'epoch_s' }, name: 'ts', isOptional: false, path: ['ts'] },
        {
          field: { role: 'customer_id' },
          name: 'request.headers.X\\.Id',
          isOptional: true,
          path: ['request', 'headers', 'X.Id'],
        },
        { field: { role: 'status' }, name: 'status', isOptional: false, path: ['status'] },
        {
          field: { role: 'duration', unit: 'ms', unitSuffix: 'ms' },
          name: 'a b',
          isOptional: false,
          path: ['a b'],
        },
      ],
    });
  });

  it('names keys of logfmt', () => {
    expect(parse('logfmt timestamp=at status=status customer_id=user:id')).toMatchObject({
      layout: 'logfmt',
      fields: [{ key: 'at' }, { key: 'status' }, { key: 'user:id' }],
    });
  });

  it.each([
    ['csv', ','],
    ['csv;', ';'],
    ['tsv', '\t'],
  ])('names columns of %s', (word, delimiter) => {
    expect(parse(`${word} timestamp="Date and time":clf status="sc-status"`)).toMatchObject({
      layout: 'delimited',
      delimiter,
      fields: [{ column: 'Date and time', field: { kind: 'clf' } }, { column: 'sc-status' }],
    });
  });

  it.each([
    ['json timestamp=ts', 'It has no status: add status=…'],
    ['json', 'It has no timestamp: add timestamp=…'],
    ['json timestamp=ts status=s stats=x', 'Did you mean status?'],
    ['json timestamp=ts status=s status=x', 'status is already said to be elsewhere'],
    ['json timestamp=ts status', 'Here must stand a field and where it is'],
    ['json timestamp=ts status=s duration=d', 'A duration needs its unit'],
    ['json timestamp=ts status=?', 'status= needs a name'],
  ])('is refused as %s', (text, message) => expect(() => parse(text)).toThrow(wrong(message)));
});

describe('a name', () => {
  it.each(PRESETS.map(({ name, format }) => [name, format]))('of %s is that of a preset', (name, format) => {
    expect(parse(name)).toEqual(parse(format));
  });

  it('that no preset has is refused with the nearest', () => {
    expect(() => parse('combned')).toThrow(wrong('Did you mean combined?'));
  });
});

describe('the way in which a text is written', () => {
  it.each([
    ['hello, world', 'no field of any known way'],
    ['$msec %>s', 'It can be read as nginx and as apache'],
  ])('must be clear: %s is refused', (text, message) => {
    expect(() => parse(text)).toThrow(wrong(message));
    expect(() => parse(text)).toThrow(wrong('put `nginx:`, `apache:`, `envoy:`, `pattern:` before it'));
  });

  it('can be said', () => {
    expect(elementsOf('nginx: $msec %>s $status')).toBe('<timestamp epoch_s> %>s <status>');
    expect(elementsOf('apache:$msec %t %>s')).toBe('$msec [<timestamp clf>] <status>');
    expect(elementsOf('pattern:{timestamp} $msec {status}')).toBe('<timestamp iso8601> $msec <status>');
  });

  it('never makes a fault of the program', () => {
    const word = fc.constantFrom(
      '{',
      '}',
      '{timestamp}',
      '{status}',
      '$status',
      '$msec',
      '%t',
      '%>s',
      '%{',
      '"',
      "'",
      '\\',
      '=',
      'json ',
      'log_format a ',
      ' ',
      '%START_TIME%',
      'x',
      '?',
      ':',
    );
    check(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        try {
          parse(words.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_LOG_FORMAT' });
        }
      }),
      1000,
    );
  });
});

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
