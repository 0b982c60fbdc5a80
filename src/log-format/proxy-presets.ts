/** Presets of proxies, gateways and application servers. */

import type { Preset } from './preset.ts';
import { canHaveVirtualHosts } from './virtual-hosts.ts';

/** The beginning of nginx's and Apache's combined format, in a daymark pattern. */
const COMBINED =
  '{customer_id:user?} [{timestamp:clf}] "{request}" {status} {-body_bytes_sent:word} "{-http_referer}" "{-http_user_agent}"';

export const PROXY_PRESETS: readonly Preset[] = [
  {
    name: 'vhost_combined',
    title: 'Apache’s `vhost_combined` of Debian (other_vhosts_access.log)',
    format: `{escapes:backslash}{-vhost:word} {-remote_addr:host} {-ident:word} ${COMBINED}`,
    manual: 'https://httpd.apache.org/docs/2.4/logs.html#virtualhost',
    customer: '`%u`, the authenticated user; for the virtual host, set CUSTOMER_ID=vhost',
    isPlausible: canHaveVirtualHosts,
    note: 'The virtual host can have a port. It has no duration. daymark counts the requests, but cannot tell how long they took.',
    examples: [
      'www.example.com:80 192.0.2.9 - cust_40 [02/Oct/2024:05:10:46 +0000] "GET /a?q=1 HTTP/1.1" 200 5043 "-" "curl/8.5.0"',
      '127.0.1.1:443 2001:db8::17 - - [02/Oct/2024:05:10:46 +0200] "OPTIONS * HTTP/1.0" 200 126 "-" "Apache/2.4.62 (Debian) (internal dummy connection)"',
      String.raw`vhost1.example.com 192.0.2.2 - bob [26/Dec/2016:16:22:14 +0000] "GET /hello HTTP/1.1" 404 499 "-" "an \"agent\""`,
    ],
  },
  {
    name: 'nginx-ingress',
    title: 'Ingress-nginx of Kubernetes',
    format: `{escapes:backslash}{-remote_addr:host} - ${COMBINED} {-request_length:word} {duration:s} [{-proxy_upstream_name}] {...}`,
    manual: 'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/',
    customer: '`$remote_user`, the authenticated user',
    note: 'The duration is `$request_time`. What follows the name of the upstream is skipped.',
    examples: [
      '192.0.2.64 - - [07/Feb/2020:11:48:51 +0000] "POST /products HTTP/1.1" 200 59 "-" "curl/7.54.0" 89 0.001 [default-web-8080] [] 172.17.0.5:8080 59 0.000 200 529a007902362a5f51385a5fa7049884',
      '2001:db8::17 - cust_40 [24/Aug/2022:21:04:17 +0000] "POST /_bulk HTTP/1.1" 502 470 "-" "an agent" 2057 10.033 [es-9200] [] 10.0.0.1:9200, 10.0.0.2:9200 0, 470 5.001, 5.032 504, 502 3db73c6c673c4256ade033a6ce08c2ab',
      '192.0.2.64 - - [07/Feb/2020:11:49:50 +0000] "PATCHp /products/42 HTTP/1.1" 400 163 "-" "-" 0 0.000 [] [] - - - - 4c7d2079340e68353c7d0dfff00b904b',
    ],
  },
  {
    name: 'nginx-proxy-manager',
    title: 'Nginx Proxy Manager, its `proxy` format',
    format:
      '[$time_local] $upstream_cache_status $upstream_status $status - $request_method $scheme $host "$request_uri" [Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] [Sent-to $server] "$http_user_agent" "$http_referer"',
    manual: 'https://nginxproxymanager.com/',
    customer: undefined,
    note: 'It has no duration. daymark counts the requests, but cannot tell how long they took.',
    examples: [
      '[02/Oct/2024:05:10:46 +0000] - 200 200 - GET https www.example.com "/customers/cust_40/orders?page=2" [Client 192.0.2.9] [Length 612] [Gzip 2.73] [Sent-to 172.18.0.4] "curl/8.5.0" "-"',
      '[02/Oct/2024:05:10:46 +0000] HIT - 304 - GET http app.example.com "/" [Client 2001:db8::17] [Length 0] [Gzip -] [Sent-to app] "Mozilla/5.0 (X11; Linux x86_64)" "https://example.com/"',
      '[02/Oct/2024:05:10:47 +0000] - - 499 - POST https www.example.com "/slow" [Client 192.0.2.9] [Length 0] [Gzip -] [Sent-to 172.18.0.4] "-" "-"',
    ],
  },
  {
    name: 'kong',
    title: 'Kong Gateway 3, its text format',
    format: `{escapes:backslash}{-remote_addr:host} - ${COMBINED} kong_request_id: "{-kong_request_id}"`,
    manual: 'https://developer.konghq.com/gateway/logs/',
    customer: '`$remote_user`, the authenticated user',
    note: 'It has no duration. daymark counts the requests, but cannot tell how long they took. The lines of Kong’s logging plugins (`kong-json`) have durations and consumers.',
    examples: [
      '192.0.2.9 - - [02/Oct/2024:05:10:46 +0000] "GET /customers/cust_40/orders HTTP/1.1" 200 612 "-" "curl/8.5.0" kong_request_id: "a1b2c3d4e5f60718293a4b5c6d7e8f90"',
      '2001:db8::17 - cust_40 [02/Oct/2024:05:10:46 +0000] "POST /a HTTP/2.0" 503 75 "-" "Mozilla/5.0 (X11; Linux x86_64)" kong_request_id: "00b2c3d4e5f60718293a4b5c6d7e8f90"',
      '192.0.2.9 - - [02/Oct/2024:05:10:47 +0000] "GET / HTTP/1.1" 404 103 "-" "-" kong_request_id: "ffb2c3d4e5f60718293a4b5c6d7e8f90"',
    ],
  },
  {
    name: 'kong-json',
    title: 'Kong Gateway, its logging plugins (File Log, HTTP Log)',
    format:
      'json timestamp=started_at:epoch_ms customer_id=consumer.username? request_path=request.uri status=response.status duration=latencies.request:ms method=request.method host=request.headers.host client=client_ip agent=request.headers.user-agent',
    manual: 'https://developer.konghq.com/plugins/file-log/',
    customer: '`consumer.username`; also `consumer.custom_id` or `authenticated_entity.id`',
    examples: [
      '{"service":{"host":"example.org","port":80},"route":{"paths":["/log"]},"request":{"method":"GET","uri":"/customers/cust_40?page=2","size":71,"headers":{"host":"localhost:8000"}},"response":{"status":200,"size":628,"headers":{"via":"kong/3.8"}},"latencies":{"kong":9,"proxy":1430,"request":1439},"client_ip":"192.0.2.9","consumer":{"id":"5e45c5a1","username":"cust_40","custom_id":"7"},"started_at":1727845846000}',
      '{"request":{"method":"POST","uri":"/a","size":"75"},"response":{"status":503,"size":"1"},"latencies":{"request":5,"kong":5,"proxy":-1},"client_ip":"2001:db8::17","started_at":1727845846250,"tries":[]}',
      '{"request":{"method":"GET","uri":"/"},"response":{"status":404},"latencies":{"request":0,"kong":0,"proxy":-1},"consumer":{"username":"Zo\u00eb"},"client_ip":"192.0.2.9","started_at":1727845847000}',
    ],
  },
  {
    name: 'istio',
    title: 'Istio, its text format',
    format:
      '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\\n',
    manual: 'https://istio.io/latest/docs/tasks/observability/logs/access-log/',
    customer: undefined,
    note: 'For the format of Istio 1.9 and later. Lines of TCP are rejected, because they are no requests.',
    examples: [
      '[2020-11-25T21:26:18.409Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 4 4 "-" "curl/7.73.0-DEV" "84961386-6d84-929d-98bd-c5aee93b5c88" "httpbin:8000" "10.44.1.27:80" outbound|8000||httpbin.foo.svc.cluster.local 10.44.1.23:37652 10.0.45.184:8000 10.44.1.23:46520 - default',
      '[2024-10-02T05:10:46.000Z] "POST /customers/cust_40/orders HTTP/2" 503 UF,URX upstream_reset_before_response_started{connection_failure} - "delayed connect error: 111" 18 91 15003 - "192.0.2.9" "an agent" "0c0f4f9c" "api.example.com" "10.44.1.27:80" inbound|80|| - 10.44.1.27:80 [2001:db8::17]:46520 outbound_.80_._.api.example.com default',
      '[2024-10-02T05:10:47.999Z] "GET / HTTP/1.1" 0 DC downstream_remote_disconnect - "-" 0 0 300 - "-" "-" "1f0f4f9c" "a" "10.44.1.27:80" outbound|80||a 10.44.1.23:1 10.0.45.184:80 10.44.1.23:2 - -',
    ],
  },
  {
    name: 'istio-json',
    title: 'Istio, its JSON format (also Envoy Gateway)',
    format:
      'json timestamp=start_time request_path=path status=response_code duration=duration:ms method=method host=authority client=downstream_remote_address agent=user_agent',
    manual: 'https://istio.io/latest/docs/tasks/observability/logs/access-log/',
    customer: undefined,
    note: 'Lines of TCP, whose path is null, are rejected, because they are no requests.',
    examples: [
      '{"authority":"httpbin:8000","bytes_received":0,"bytes_sent":135,"connection_termination_details":null,"downstream_local_address":"10.0.45.184:8000","downstream_remote_address":"10.44.1.23:46520","duration":4,"method":"GET","path":"/status/418","protocol":"HTTP/1.1","request_id":"84961386","requested_server_name":null,"response_code":418,"response_code_details":"via_upstream","response_flags":"-","route_name":"default","start_time":"2020-11-25T21:26:18.409Z","upstream_cluster":"outbound|8000||httpbin.foo.svc.cluster.local","upstream_host":"10.44.1.27:80","upstream_local_address":"10.44.1.23:37652","upstream_service_time":"4","upstream_transport_failure_reason":null,"user_agent":"curl/7.73.0-DEV","x_forwarded_for":null}',
      '{"start_time":"2024-10-02T05:10:46.000Z","method":"POST","path":"/customers/cust_40/orders?page=2","protocol":"HTTP/2","response_code":"503","response_flags":"UF","bytes_received":"0","bytes_sent":"91","duration":"15003","upstream_service_time":"-","x_forwarded_for":"192.0.2.9","user_agent":"an agent","request_id":"0c0f4f9c","authority":"api.example.com","upstream_host":"10.44.1.27:80"}',
      '{"start_time":"2024-10-02T05:10:47.999Z","method":"GET","path":"/","protocol":"HTTP/1.1","response_code":0,"response_flags":"DC","duration":300,"authority":"a"}',
    ],
  },
  {
    name: 'caddy-console',
    title: 'Caddy 2, its console format',
    format:
      '{escapes:json}{timestamp:slashes}\\t{-level:word}\\t{-logger:word}\\thandled request\\t{{"request": {{"remote_ip": "{-remote_ip}",{-request}"uri": "{request_path}"{-headers}"user_id": "{customer_id?}", "duration": {duration:s}, "size": {-size:word} "status": {status}{...}',
    manual: 'https://caddyserver.com/docs/caddyfile/directives/log#console',
    customer: '`user_id`, the user whom Caddy authenticated',
    note: 'For Caddy’s default forms of the time (`wall_milli`) and the duration (seconds).',
    examples: [
      '2021/03/12 08:57:48.541\tinfo\thttp.log.access.log0\thandled request\t{"request": {"remote_ip": "192.0.2.1", "proto": "HTTP/1.1", "method": "GET", "host": "a", "uri": "/"}, "user_id": "bob", "duration": 0.00123, "size": 0, "status": 304}',
      String.raw`2024/10/02 05:10:46.250	ERROR	http.log.access	handled request	{"request": {"remote_ip": "2001:db8::17", "remote_port": "50122", "client_ip": "2001:db8::17", "proto": "HTTP/2.0", "method": "POST", "host": "api.example.com", "uri": "/customers/cust_40/orders?page=2", "headers": {"User-Agent": ["an \"agent\", \"user_id\": \"x\""]}}, "bytes_read": 18, "user_id": "", "duration": 1.5, "size": 0, "status": 502, "resp_headers": {"Server": ["Caddy"]}}`,
      '2024/10/02 05:10:47.000\tinfo\thttp.log.access\thandled request\t{"request": {"remote_ip": "192.0.2.9", "remote_port": "1", "client_ip": "192.0.2.9", "proto": "HTTP/1.1", "method": "GET", "host": "a", "uri": "/slow", "headers": {}}, "bytes_read": 0, "user_id": "cust_1", "duration": 0.0000025, "size": 0, "status": 0, "resp_headers": {}}',
    ],
  },
  {
    name: 'uwsgi',
    title: 'uWSGI, its own format',
    format:
      '{-prefix}[pid: {-pid}|app: {-app}|req: {-req}] {-remote_addr:host} ({customer_id?}) {{{-vars}}} [{timestamp:ctime}] {-method:word} {request_path} => generated {-response_size:word} bytes in {duration:text} {-via}(HTTP/{-protocol:word} {status}) {...}',
    manual: 'https://uwsgi-docs.readthedocs.io/en/latest/LogFormat.html',
    customer: 'the authenticated user; for the address of the client, set CUSTOMER_ID=remote_addr',
    note: 'Its times are local: set LOG_TIME_ZONE to the zone of the server.',
    examples: [
      '[pid: 88185|app: 0|req: 1/1] 127.0.0.1 () {38 vars in 696 bytes} [Sun Mar 13 22:49:12 2016] POST /update_metrics => generated 47 bytes in 129 msecs (HTTP/1.1 200) 9 headers in 378 bytes (1 switches on core 3)',
      '{address space usage: 1090019328 bytes/1039MB} {rss usage: 49274880 bytes/46MB} [pid: 7|app: 0|req: 3/2] 2001:db8::17 (cust_40) {34 vars in 617 bytes} [Wed Oct  2 05:10:46 2024] GET /static/a.js => generated 68 bytes in 68 micros via sendfile() (HTTP/1.0 304) 9 headers in 373 bytes (0 switches on core 8)',
      '[pid: 7|app: -1|req: -1/5] 192.0.2.9 (cust_1) {2 vars in 20 bytes} [Wed Oct 16 05:10:47 2024] GET /a?b=[c] => generated 0 bytes in 5 msecs (HTTP/1.1 500) 0 headers in 0 bytes (0 switches on core 0)',
    ],
  },
];
