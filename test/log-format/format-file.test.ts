import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { apacheFormats } from '../../src/log-format/format-file/apache.ts';
import { chooseFormat } from '../../src/log-format/format-file/choose.ts';
import { envoyFormats } from '../../src/log-format/format-file/envoy.ts';
import { nginxFormats } from '../../src/log-format/format-file/nginx.ts';
import type { FoundFormats } from '../../src/log-format/format-file/types.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const NONE: FoundFormats = { formats: [], includes: [], byDefault: undefined };
const nginx = (text: string) => nginxFormats(text) ?? NONE;
const envoy = (text: string) =>
  envoyFormats(parseAllDocuments(text).map((document) => document.toJS())) ?? NONE;
const names = ({ formats }: FoundFormats) => formats.map(({ name }) => name);
const formatOf = (found: FoundFormats, name?: string) =>
  parseLogFormat(chooseFormat(found, '@file', name)).unresolved;
const message = (found: FoundFormats, name?: string): string => {
  try {
    return chooseFormat(found, '@file', name);
  } catch (error) {
    return (error as Error).message;
  }
};

const TIMED = `log_format timed '$remote_addr - $remote_user [$time_local] '
                    '"$request" $status $request_time';`;

describe('the log formats of a configuration of nginx', () => {
  it('are found in any block, in any quotes, over several lines, and not in comments', () => {
    const found = nginx(`
      user www-data; # log_format no '$status';
      #log_format neither '$time_local $status';
      events { worker_connections 768; }
      http {
        log_format main "$remote_addr [$time_local] \\"$request\\" "   # why
                        '$status it\\'s; {$body_bytes_sent}';
        log_format bare $time_iso8601|$status|\${request_time};
        log_format json escape=json '{"t":"$msec","s":"$status",'
          '"u":"$remote_user"}';
        map $status $loggable { ~^[23]  0; default 1; }
        location ~ "^/a{2}" { return 200 "log_format x '$status';"; }
      }`);
    expect(names(found)).toEqual(['main', 'bare', 'json']);
    expect(formatOf(found, 'main')).toEqual(
      parseLogFormat(`nginx: $remote_addr [$time_local] "$request" $status it's; {$body_bytes_sent}`)
        .unresolved,
    );
    expect(formatOf(found, 'bare')).toEqual(parseLogFormat('$time_iso8601|$status|$request_time').unresolved);
    expect(formatOf(found, 'json')).toMatchObject({ escapes: 'json' });
    expect(message(found)).toContain('main (line 6), bare (line 8), json (line 9)');
    expect(message(found)).toContain('LOG_FORMAT=@file:main');
    expect(message(found, 'mian')).toContain('It has: main, bare, json. Did you mean main?');
  });

  it('are found behind blocks of Lua', () => {
    const found = nginx(`http { access_by_lua_block {
        -- it's a comment }
        local t = { a = "}" , b = '{', c = [[ }} ]] } --[[ { ]]
      }
      ${TIMED} }`);
    expect(names(found)).toEqual(['timed']);
  });

  it('are the only one where it is not named, also where it stands twice', () => {
    const only = parseLogFormat(TIMED).unresolved;
    expect(formatOf(nginx(`http {\n${TIMED}\n}`))).toEqual(only);
    expect(formatOf(nginx(`http {\n${TIMED}\n}\n${TIMED}`), 'timed')).toEqual(only);
    expect(formatOf(nginx(`http {\r\n${TIMED.replaceAll('\n', '\r\n')}\r\n}`))).toEqual(only);
  });

  it('are none in that of Debian: it says what nginx writes then, and what it includes', () => {
    const found = nginx(fixture('debian-nginx.conf'));
    expect(message(found)).toContain('set LOG_FORMAT=combined');
    expect(message(found)).toContain('/etc/nginx/conf.d/*.conf');
    expect(message(found)).toContain('does not follow includes');
    expect(chooseFormat(found, '@file', 'combined')).toBe('combined');
    expect(message(found, 'main')).toContain('no log format named main');
  });

  it('are refused where two of a name differ', () => {
    const found = nginx(`${TIMED} log_format timed '$time_local $status';`);
    expect(message(found, 'timed')).toContain('several different formats');
  });
});

describe('the log formats of a configuration of Apache', () => {
  it('are those of Debian', () => {
    const found = apacheFormats(fixture('debian-apache2.conf'));
    expect(names(found)).toEqual(['vhost_combined', 'combined', 'common', 'referer', 'agent']);
    expect(formatOf(found, 'vhost_combined')).toEqual(
      parseLogFormat('%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"').unresolved,
    );
    expect(message(found)).toContain('vhost_combined (line ');
    expect(message(found, 'none')).toContain('conf-enabled/*.conf');
  });

  it('are found in any quotes, over joined lines, in containers, and not in comments', () => {
    const found = apacheFormats(
      [
        '# LogFormat "%t %s" no \\',
        '  LogFormat "%t %s" no',
        '<IfModule log_config_module>',
        "\tlogformat '%h %t \"%r\" %>s it\\'s' single",
        '  LogFormat "%h %t \\',
        '    \\"%r\\" %>s %D" joined',
        '  LogFormat %t|%>s bare',
        '  LogFormat joined',
        '  ErrorLogFormat "[%t] %M"',
        '  CustomLog "logs/a log" "%t %>s %D" env=!x',
        '  CustomLog logs/b joined',
        '</IfModule>',
      ].join('\n'),
    );
    expect(names(found)).toEqual(['single', 'joined', 'bare', undefined]);
    expect(formatOf(found, 'single')).toEqual(parseLogFormat(`%h %t "%r" %>s it's`).unresolved);
    expect(formatOf(found, 'joined')).toEqual(parseLogFormat('apache: %h %t     "%r" %>s %D').unresolved);
    expect(formatOf(found, 'bare')).toEqual(parseLogFormat('%t|%>s').unresolved);
    expect(message(found)).toContain('joined (line 5)');
    expect(message(found)).toContain('one without a name (line 10)');
  });

  it('keep what stands for a tab, and a backslash', () => {
    const found = apacheFormats(String.raw`LogFormat "%t\t%>s \\ \x" tabs`);
    expect(formatOf(found)).toEqual(parseLogFormat('apache: %t\t%>s \\\\ \\x').unresolved);
  });

  it('are refused where only Apache knows what they say', () => {
    const variable = '$' + '{SUFFIX}';
    expect(message(apacheFormats(`LogFormat "%t %>s ${variable}" a`))).toContain(variable);
  });
});

const envoyConfig = (format: string) => `
static_resources:
  listeners:
  - filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          access_log:
          - name: envoy.access_loggers.file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: /dev/stdout
${format}
          local_reply_config:
            body_format: { text_format: "%START_TIME% %RESPONSE_CODE% is not the log" }
`;

describe('the log formats of a configuration of Envoy', () => {
  const TEXT = '[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %DURATION%';

  it.each([
    ['text_format', `log_format: { text_format: ${JSON.stringify(`${TEXT}\n`)} }`],
    ['a block of text', `log_format:\n  text_format_source:\n    inline_string: |\n      ${TEXT}`],
    ['the deprecated format', `format: ${JSON.stringify(`${TEXT}\n`)}`],
  ])('are read from %s', (_, yaml) => {
    const indented = yaml.replaceAll(/^/gm, ' '.repeat(14));
    expect(formatOf(envoy(envoyConfig(indented)))).toEqual(parseLogFormat(TEXT).unresolved);
  });

  it('are read from JSON in either spelling of its names', () => {
    const log = { typedConfig: { path: '/a', logFormat: { textFormat: `${TEXT}\n` } } };
    const found = envoy(JSON.stringify({ accessLog: [log, log], admin: {} }));
    expect(formatOf(found)).toEqual(parseLogFormat(TEXT).unresolved);
  });

  it('are made of the operators of json_format', () => {
    const json = {
      'start.time': '%START_TIME(%s.%3f)%',
      method: '%REQ(:METHOD)%',
      http: { path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%', 'the code': '%RESPONSE_CODE%' },
      took: '%DURATION%',
      who: '%REQ(X-CUSTOMER-ID):64%',
    };
    const yaml = `${' '.repeat(14)}log_format: { json_format: ${JSON.stringify(json)} }`;
    expect(chooseFormat(envoy(envoyConfig(yaml)), '@file', undefined)).toBe(
      String.raw`json timestamp="start\.time":epoch_s customer_id=who? request_path=http.path? status="http.the code" duration=took:ms? method=method`,
    );
  });

  it('are numbered where there are several, and Envoy has its own where there is none', () => {
    const found = envoy(
      JSON.stringify([
        { access_log: [{ log_format: { text_format: TEXT } }, { format: `${TEXT} x`, path: '/b' }] },
      ]),
    );
    expect(message(found)).toContain('1 (the text of an access log), 2 (the text of /b)');
    expect(formatOf(found, '2')).toEqual(parseLogFormat(`${TEXT} x`).unresolved);
    expect(message(envoy(JSON.stringify({ access_log: [{ path: '/a' }] })))).toContain(
      'set LOG_FORMAT=envoy',
    );
  });

  it('are those of Istio, as text and as JSON', () => {
    expect(formatOf(envoy(`meshConfig:\n  accessLogFormat: ${JSON.stringify(TEXT)}`))).toEqual(
      parseLogFormat(TEXT).unresolved,
    );
    const json = JSON.stringify({ at: '%START_TIME%', code: '%RESPONSE_CODE%' });
    const mesh = { meshConfig: { accessLogEncoding: 'JSON', accessLogFormat: json } };
    expect(chooseFormat(envoy(JSON.stringify(mesh)), '@file', undefined)).toBe(
      'json timestamp=at:iso8601 status=code',
    );
  });

  it('say how a time is written, in quotes where it has spaces', () => {
    const json = { at: '%START_TIME(%d.%m.%Y %H:%M:%S)%', code: '%RESPONSE_CODE%' };
    const logs = JSON.stringify({ access_log: [{ path: '/a', log_format: { json_format: json } }] });
    expect(formatOf(envoy(logs))).toEqual(
      parseLogFormat('json timestamp=at:"%d.%m.%Y %H:%M:%S" status=code').unresolved,
    );
  });
});
