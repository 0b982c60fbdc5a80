/** Formats with a name. They are those of the most common servers, each as a text that `format-string/` parses. */

import { CLOUD_PRESETS } from './cloud-presets.ts';
import type { Preset } from './preset.ts';
import { isUnitShown } from './proposals/json-duration.ts';
import { jsonLinesOf } from './proposals/json-leaves.ts';
import { PROXY_PRESETS } from './proxy-presets.ts';

export type { Preset } from './preset.ts';

/** A `log_format` whose lines the preset `nginx-json` parses. */
export const NGINX_JSON_DIRECTIVE = `log_format daymark escape=json
  '{"time_iso8601":"$time_iso8601","remote_addr":"$remote_addr","remote_user":"$remote_user",'
  '"request":"$request","status":"$status","body_bytes_sent":"$body_bytes_sent",'
  '"request_time":"$request_time","http_referer":"$http_referer","http_user_agent":"$http_user_agent"}';`;

export const PRESETS: readonly Preset[] = [
  {
    name: 'default',
    title: 'daymark’s own',
    format: '{timestamp:datetime} {customer_id} {request_path} {status} {duration:s}',
    manual: 'log-formats.md#the-default-format',
    customer: 'the second field',
    examples: [
      '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316',
      '2024-02-29 23:59:59 Zoë /api/v1/resource2?page=2 200 12.000001',
      '2024-10-02 05:10:47 cust_1 / 503 0',
    ],
  },
  {
    name: 'common',
    title: 'Apache’s Common Log Format',
    format: String.raw`LogFormat "%h %l %u %t \"%r\" %>s %b" common`,
    manual: 'https://httpd.apache.org/docs/2.4/logs.html#common',
    customer: '`%u`, the authenticated user',
    note: 'It has no duration. daymark counts the requests, but cannot tell how long they took.',
    examples: [
      '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
      '2001:db8::17 - - [02/Oct/2024:05:10:46 +0000] "POST /api/v1/orders HTTP/1.1" 401 -',
      String.raw`192.0.2.9 - cust_40 [02/Oct/2024:05:10:46 +0200] "GET /a?q=\"x\" HTTP/1.1" 404 196`,
    ],
  },
  {
    name: 'combined',
    title: 'Apache’s and nginx’s combined format',
    format: String.raw`LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined`,
    manual: 'https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format',
    customer: '`%u` (nginx: `$remote_user`), the authenticated user',
    note: 'It has no duration. daymark counts the requests, but cannot tell how long they took. To get durations, give nginx the format of `nginx-json`, or add `$request_time`.',
    examples: [
      '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326 "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"',
      '2001:db8::17 - - [02/Oct/2024:05:10:46 +0000] "GET / HTTP/2.0" 304 0 "-" "curl/8.5.0"',
      String.raw`192.0.2.9 - cust_40 [02/Oct/2024:05:10:46 +0200] "GET /a HTTP/1.1" 200 5 "-" "an \"agent\" with a \\"`,
      String.raw`192.0.2.9 - cust_40 [02/Oct/2024:05:10:46 +0000] "GET /b HTTP/1.1" 499 0 "-" "\x22quoted\x22 by nginx"`,
    ],
  },
  {
    name: 'nginx-json',
    title: 'nginx with a JSON `log_format`',
    format:
      'json timestamp=time_iso8601 customer_id=remote_user? request=request? status=status duration=request_time:s? client=remote_addr agent=http_user_agent',
    manual: 'https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format',
    customer: '`remote_user`; set CUSTOMER_ID for another key that you add to the `log_format`',
    examples: [
      '{"time_iso8601":"2024-10-02T05:10:46+00:00","remote_addr":"192.0.2.9","remote_user":"cust_40","request":"GET /api/v1/orders?page=2 HTTP/1.1","status":"200","body_bytes_sent":"612","request_time":"0.316","http_referer":"","http_user_agent":"curl/8.5.0"}',
      String.raw`{"time_iso8601":"2024-10-02T07:10:46+02:00","remote_addr":"2001:db8::17","remote_user":"Zo\u00eb","request":"GET /a HTTP/2.0","status":"502","body_bytes_sent":"157","request_time":"60.001","http_referer":"https://example.com/","http_user_agent":"an \"agent\""}`,
      '{"time_iso8601":"2024-10-02T05:10:47+00:00","remote_addr":"192.0.2.9","remote_user":"","request":"GET / HTTP/1.1","status":"401","body_bytes_sent":"179","request_time":"0.000","http_referer":"","http_user_agent":""}',
    ],
  },
  {
    name: 'caddy',
    title: 'Caddy 2, JSON access log',
    format:
      'json timestamp=ts:epoch_s customer_id=user_id? request_path=request.uri status=status duration=duration:s method=request.method host=request.host client=request.client_ip agent=request.headers.User-Agent',
    manual: 'https://caddyserver.com/docs/logging',
    customer: '`user_id`, the user whom Caddy authenticated',
    isPlausible: (sample) => isUnitShown(jsonLinesOf(sample.split('\n'))),
    note: 'For Caddy’s default forms of `ts` and `duration` (seconds). Where `time_format` or `duration_format` is set, `check` proposes the mapping.',
    examples: [
      '{"level":"info","ts":1646861401.5241024,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"127.0.0.1","remote_port":"41342","client_ip":"127.0.0.1","proto":"HTTP/2.0","method":"GET","host":"localhost","uri":"/","headers":{"User-Agent":["curl/7.82.0"],"Accept":["*/*"],"Accept-Encoding":["gzip, deflate, br"]},"tls":{"resumed":false,"version":772,"cipher_suite":4865,"proto":"h2","server_name":"example.com"}},"bytes_read": 0,"user_id":"","duration":0.000929675,"size":10900,"status":200,"resp_headers":{"Server":["Caddy"],"Content-Encoding":["gzip"],"Content-Type":["text/html; charset=utf-8"],"Vary":["Accept-Encoding"]}}',
      '{"level":"error","ts":1727845846.25,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"2001:db8::17","remote_port":"50122","client_ip":"2001:db8::17","proto":"HTTP/1.1","method":"POST","host":"api.example.com","uri":"/v1/orders?id=7","headers":{"X-Customer-Id":["cust_40"]}},"bytes_read":18,"user_id":"cust_40","duration":1.5,"size":0,"status":502,"resp_headers":{"Server":["Caddy"]}}',
      '{"level":"info","ts":1727845846,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"192.0.2.9","remote_port":"1","client_ip":"192.0.2.9","proto":"HTTP/3.0","method":"GET","host":"a","uri":"/","headers":{}},"bytes_read":0,"user_id":"bob","duration":0.0000025,"size":0,"status":204,"resp_headers":{}}',
    ],
  },
  {
    name: 'traefik',
    title: 'Traefik, its common format',
    format:
      '{-client:host} - {customer_id:user?} [{timestamp:clf}] "{request}" {status} {-bytes} {-referrer:quoted} {-user_agent:quoted} {-requests:word} {-router:quoted} {-server_url:quoted} {duration:ms}ms',
    manual: 'https://doc.traefik.io/traefik/observability/access-logs/#format',
    customer: 'the authenticated user',
    examples: [
      '10.0.0.9 - - [02/Oct/2024:05:10:46 +0000] "GET / HTTP/1.1" 200 42 "-" "-" 12 "router@docker" "http://10.0.0.1:80" 3ms',
      '2001:db8::17 - cust_40 [02/Oct/2024:05:10:46 +0000] "POST /api/v1/orders HTTP/2.0" 502 11 "https://example.com/" "Mozilla/5.0 (X11; Linux x86_64)" 13 "api@file" "http://10.0.0.2:8080" 10003ms',
      '192.0.2.9 - cust_1 [02/Oct/2024:05:10:47 +0000] "GET /nowhere HTTP/1.1" 404 19 "-" "curl/8.5.0" 14 "-" "-" 0ms',
      '192.0.2.9 - cust_1 [13/Mar/2020:18:49:07 +0000] "GET /ping HTTP/1.1" 200 2 "-" "-" 1 "ping@internal" - 0ms',
    ],
  },
  {
    name: 'traefik-json',
    title: 'Traefik, its JSON format',
    format:
      'json timestamp=StartUTC customer_id=ClientUsername? request_path=RequestPath status=DownstreamStatus duration=Duration:ns method=RequestMethod host=RequestHost client=ClientHost agent=request_User-Agent',
    manual: 'https://doc.traefik.io/traefik/observability/access-logs/#format',
    customer: '`ClientUsername`; for a header that Traefik keeps, set CUSTOMER_ID=request_X-Customer-Id',
    examples: [
      '{"ClientAddr":"10.0.0.9:53214","ClientHost":"10.0.0.9","ClientPort":"53214","ClientUsername":"-","DownstreamContentSize":42,"DownstreamStatus":200,"Duration":3151047,"OriginContentSize":42,"OriginDuration":2952343,"OriginStatus":200,"Overhead":198704,"RequestAddr":"example.com","RequestContentSize":0,"RequestCount":1,"RequestHost":"example.com","RequestMethod":"GET","RequestPath":"/","RequestPort":"-","RequestProtocol":"HTTP/1.1","RequestScheme":"https","RetryAttempts":0,"RouterName":"router@docker","ServiceAddr":"10.0.0.1:80","ServiceName":"service@docker","ServiceURL":"http://10.0.0.1:80","StartLocal":"2024-10-02T05:10:46.123456789Z","StartUTC":"2024-10-02T05:10:46.123456789Z","entryPointName":"websecure","level":"info","msg":"","time":"2024-10-02T05:10:46Z"}',
      '{"ClientHost":"2001:db8::17","ClientUsername":"cust_40","DownstreamStatus":502,"Duration":10003000000,"RequestPath":"/api/v1/orders?a=\\"b\\"","RequestProtocol":"HTTP/2.0","StartUTC":"2024-10-02T05:10:46Z","level":"info","msg":"","time":"2024-10-02T05:10:56Z"}',
      '{"ClientHost":"192.0.2.9","ClientUsername":"cust_1","DownstreamStatus":404,"Duration":41208,"RequestPath":"/nowhere","RequestProtocol":"HTTP/1.1","StartUTC":"2024-10-02T05:10:47.5Z","level":"info","msg":"","time":"2024-10-02T05:10:47Z"}',
    ],
  },
  {
    name: 'envoy',
    title: 'Envoy, its default format',
    format:
      '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"\\n',
    manual:
      'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string',
    customer: undefined,
    note: 'Lines of TCP are rejected, because they are no requests.',
    examples: [
      '[2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "locations" "tcp://10.0.2.1:80"',
      '[2024-10-02T05:10:46.000Z] "GET /customers/cust_40/orders?page=2 HTTP/1.1" 503 UF 0 91 15 - "2001:db8::17" "Mozilla/5.0 (X11; Linux x86_64)" "0c0f4f9c" "api.example.com" "-"',
      '[2024-10-02T05:10:46.999Z] "GET / HTTP/1.1" 200 - 0 5 0 0 "-" "-" "-" "a" "10.0.2.1:80"',
    ],
  },
  {
    name: 'aws-alb',
    title: 'AWS Application Load Balancer',
    format:
      '{escapes:backslash}{-type} {timestamp} {-elb} {-client:port} {-target:port} {duration:s?} {duration:s?} {duration:s?} {status} {-target_status_code} {-received_bytes} {-sent_bytes} "{request}" "{-user_agent}" {-ssl_cipher} {-ssl_protocol} {-target_group_arn} "{-trace_id}" "{-domain_name}"{...}',
    manual:
      'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html',
    customer: undefined,
    note: 'The duration is the sum of request_, target_ and response_processing_time. Where AWS writes −1 for one of them, the record has no duration. The status is elb_status_code.',
    examples: [
      'http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"',
      'https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/customers/cust_40/orders HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012" 1 2018-07-02T22:22:48.364000Z "authenticate,forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_123456',
      'http 2018-11-30T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 - 0.000 -1 -1 502 - 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "Root=1-58337364-23a8c76965a2ef7629b185e3" "-" "-" 0 2018-11-30T22:22:48.364000Z "forward" "-" "LambdaInvalidResponse" "-" "-" "-" "-"',
    ],
  },
  {
    name: 'haproxy',
    title: 'HAProxy, `option httplog` and `option httpslog`',
    format:
      '{escapes:hash}{-client:port} [{timestamp:clf}] {-frontend} {-backend} {-request_time}/{-queue_time}/{-connect_time}/{-response_time}/{duration:ms} {status} {-bytes} {-request_cookie} {-response_cookie} {-termination} {-connections} {-queues_and_captures}"{request}"{...}',
    manual: 'https://docs.haproxy.org/3.0/configuration.html#8.2.3',
    customer: undefined,
    note: 'With or without the prefix of syslog; CUSTOMER_ID=client (the address without its port) needs lines without it. Its times are local: set LOG_TIME_ZONE to the zone of the server. Lines of `option tcplog` are rejected, because they are no requests. Lines of `option logasap`, whose total time is not final (`+109`), are rejected.',
    examples: [
      'Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
      'haproxy[674]: 127.0.0.1:33320 [15/Oct/2003:08:32:17.654] px-http px-http/srv1 9/0/7/14/30 200 243 - - ---- 3/3/3/3/0 0/0 "GET /image.iso HTTP/1.0"',
      '2001:db8::17:33319 [15/Oct/2003:08:31:57.130] relais-http relais-http/Srv1 9/0/7/147/723 503 243 - - ---- 1/3/3/3/0 0/0 "POST /customers/cust_40/orders HTTP/1.1"',
      '10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/-1/109 -1 0 - - CD-- 1/1/1/1/0 0/0 {a #22quoted#22 agent} "GET /customers/quote#22d/a?x=\\ HTTP/1.1"',
      '10.0.1.2:33317 [06/Feb/2009:12:14:14.655] https-in~ static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu|Mozilla/5.0 (X11)} {} "GET /index.html HTTP/1.1" 0/0/0/0/1 1wt.eu/TLSv1.3/TLS_AES_256_GCM_SHA384',
    ],
  },
  ...PROXY_PRESETS,
  ...CLOUD_PRESETS,
];

/** The preset that LOG_FORMAT names; undefined where it is the text of a format. */
export function presetNamed(text: string): Preset | undefined {
  const name = text.trim();
  return PRESETS.find((preset) => preset.name === name);
}
