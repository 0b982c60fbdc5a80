/** The presets of clouds, and of servers whose logs name their columns. */

import type { Preset } from './preset.ts';

/** Those of CloudFront's standard logs, in their order since 2019. Older logs have fewer, newer ones may have more. */
const CLOUDFRONT_COLUMNS =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end';

/** Columns or a line that only IIS writes. */
const OF_IIS = /^#Software: Microsoft|\bsc-win32-status\b|\bsc-substatus\b/m;
const OF_CLOUDFRONT = /\bx-edge-location\b/;
const MS_IN_US = 1_000;
const S_IN_US = 1_000_000;

export const CLOUD_PRESETS: readonly Preset[] = [
  {
    name: 'cloudfront',
    title: 'Amazon CloudFront, standard logs',
    format: `w3c columns="${CLOUDFRONT_COLUMNS}" timestamp=date+time request_path=cs-uri-stem status=sc-status duration=time-taken:s?`,
    manual: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html',
    customer: undefined,
    note: 'Its `#Fields` lines name the columns; lines without one above them are read in the order of the manual. Its times are UTC. `time-taken` is in seconds. Real-time logs have no header: see log-formats.md.',
    // Lines without a header have tabs, and an edge location in their third column.
    isPlausible: (sample) => OF_CLOUDFRONT.test(sample) || /^[^#\t]*\t[^\t]*\t[A-Z]{3}\d/m.test(sample),
    examples: [
      '2019-12-04\t21:02:31\tLAX1\t392\t192.0.2.100\tGET\td111111abcdef8.cloudfront.net\t/index.html\t200\t-\tMozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)%20AppleWebKit/537.36%20(KHTML,%20like%20Gecko)%20Chrome/78.0.3904.108%20Safari/537.36\t-\t-\tHit\tSOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\td111111abcdef8.cloudfront.net\thttps\t23\t0.001\t-\tTLSv1.2\tECDHE-RSA-AES128-GCM-SHA256\tHit\tHTTP/2.0\t-\t-\t11040\t0.001\tHit\ttext/html\t78\t-\t-',
      '2019-12-13\t22:36:27\tSEA19-C1\t900\t192.0.2.200\tGET\td111111abcdef8.cloudfront.net\t/favicon.ico\t502\thttp://www.example.com/\tMozilla/5.0%20(Windows%20NT%2010.0;%20Win64;%20x64)%20AppleWebKit/537.36%20(KHTML,%20like%20Gecko)%20Chrome/78.0.3904.108%20Safari/537.36\t-\t-\tError\t1pkpNfBQ39sYMnjjUQjmH2w1wdJnbHYTbag21o_3OfcQgPzdL2RSSQ==\twww.example.com\thttp\t675\t0.102\t-\t-\t-\tError\tHTTP/1.1\t-\t-\t25260\t0.102\tOriginDnsError\ttext/html\t507\t-\t-',
      '2019-12-13\t22:37:02\tSEA19-C2\t900\t2001:db8::17\tGET\td111111abcdef8.cloudfront.net\t/customers/cust_40/orders\t200\t-\tcurl/7.55.1\tpage=2\t-\tMiss\tkBkDzGnceVtWHqSCqBUqtA_cEs2T3tFUBbnBNkB9El_uVRhHgcZfcw==\twww.example.com\thttps\t387\t1.103\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tMiss\tHTTP/2.0\t-\t-\t12644\t0.103\tMiss\tapplication/json\t-\t-\t-',
    ],
  },
  {
    name: 'cloudfront-json',
    title: 'Amazon CloudFront, standard logs (v2) in JSON',
    format: 'json timestamp=date+time request_path=cs-uri-stem status=sc-status duration=time-taken:s?',
    manual: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html',
    customer: undefined,
    note: 'The delivery must have the fields `date` and `time`.',
    examples: [
      '{"date":"2024-11-14","time":"22:34:06","x-edge-location":"SEA73-P2","sc-bytes":"1023","c-ip":"192.0.2.100","cs-method":"GET","cs(Host)":"d111111abcdef8.cloudfront.net","cs-uri-stem":"/view/3/1/11","sc-status":"200","cs(Referer)":"-","cs(User-Agent)":"Mozilla/5.0%20(Windows%20NT%2010.0)","cs-uri-query":"-","cs(Cookie)":"-","x-edge-result-type":"Miss","x-host-header":"www.example.com","cs-protocol":"https","cs-bytes":"324","time-taken":"0.032"}',
      '{"date":"2024-11-14","time":"22:34:07","x-edge-location":"SEA73-P2","c-ip":"2001:db8::17","cs-uri-stem":"/customers/cust_40/orders","sc-status":"502","time-taken":"1.5"}',
      '{"date":"2024-11-14","time":"22:34:08","c-ip":"192.0.2.100","cs-uri-stem":"/a","sc-status":"000","time-taken":"0.25"}',
    ],
  },
  {
    name: 'iis',
    title: 'Microsoft IIS, W3C extended log format',
    format:
      'w3c timestamp=date+time customer_id=cs-username? request_path=cs-uri-stem? status=sc-status duration=time-taken:ms?',
    manual: 'https://learn.microsoft.com/en-us/windows/win32/http/w3c-logging',
    customer: '`cs-username`, the authenticated user',
    note: '`time-taken` is in milliseconds. Its times are UTC. IIS writes `+` for a space in some fields, also in a name of a user; daymark keeps it.',
    isPlausible: (sample, durationsUs) =>
      !OF_CLOUDFRONT.test(sample) && durationsUs.every((us) => us % MS_IN_US === 0),
    header:
      '#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2024-10-02 05:10:46\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
    examples: [
      '2024-10-02 05:10:46 10.0.0.1 GET /api/orders page=2 443 CONTOSO\\bob 192.0.2.9 Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64) - 200 0 0 316',
      '2024-10-02 05:10:47 10.0.0.1 GET / - 443 - 2001:db8::17 curl/8.5.0 - 401 2 5 2',
      '2024-10-02 05:10:48 10.0.0.1 POST /a - 443 Ann+Smith 192.0.2.9 "quoted"+agent https://example.com/ 500 0 64 60001',
    ],
  },
  {
    name: 'w3c',
    title: 'the W3C extended log format',
    format:
      'w3c timestamp=date+time customer_id=cs-username? request_path=cs-uri-stem? status=sc-status duration=time-taken:s?',
    manual: 'https://www.w3.org/TR/WD-logfile.html',
    customer: '`cs-username`, the authenticated user',
    note: '`time-taken` is in seconds, as the draft says. Use `iis` if your server writes milliseconds.',
    isPlausible: (sample, durationsUs) =>
      !OF_CLOUDFRONT.test(sample) &&
      !OF_IIS.test(sample) &&
      (durationsUs.length === 0 || durationsUs.some((us) => us % S_IN_US !== 0)),
    header: '#Version: 1.0\n#Fields: time date sc-status cs-uri-stem time-taken cs(User-Agent) cs-username',
    examples: [
      '05:10:46\t2024-10-02\t200\t/api/orders\t0.316\t"Mozilla/5.0 (X11; Linux)"\tcust_40',
      '05:10:47 2024-10-02 404 /nowhere 0.0005 "an ""agent"" x" "Ann Smith"',
      '05:10:48 2024-10-02 204 - 12.25 - -',
    ],
  },
  {
    name: 'aws-elb',
    title: 'AWS Classic Load Balancer',
    format:
      '{timestamp} {-elb:word} {-client:port} {-backend:port} {duration:s?} {duration:s?} {duration:s?} {status} {-backend_status_code:word} {-received_bytes:word} {-sent_bytes:word} "{request}"{...}',
    manual:
      'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html#access-log-entry-format',
    customer: undefined,
    note: 'The duration is the sum of request_, backend_ and response_processing_time. Where AWS writes −1 for one of them, the record has no duration. The status is elb_status_code; lines of TCP listeners have none and are rejected.',
    examples: [
      '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -',
      '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000086 0.001048 0.001337 200 200 0 57 "GET https://www.example.com:443/customers/cust_40/orders HTTP/1.1" "curl/7.38.0" DHE-RSA-AES128-SHA TLSv1.2',
      '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 - -1 -1 -1 503 0 0 0 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -',
    ],
  },
  {
    name: 'aws-s3',
    title: 'Amazon S3, server access logs',
    format:
      '{-bucket_owner:word} {-bucket:word} [{timestamp:clf}] {-remote_ip:host} {customer_id:word?} {-request_id:word} {-operation:word} {-key:word} "{request}" {status} {-error_code:word} {-bytes_sent:word} {-object_size:word} {duration:ms?} {-turn_around_time:word} "{...}',
    manual: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html',
    customer: 'the requester',
    note: 'The duration is Total Time. Lines of lifecycle rules have no request and no status, and are rejected.',
    examples: [
      '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be 3E57427F3EXAMPLE REST.GET.VERSIONING - "GET /amzn-s3-demo-bucket1?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSV1.2 arn:aws:s3:us-west-1:123456789012:accesspoint/example-AP Yes us-east-1',
      '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be amzn-s3-demo-bucket1 [06/Feb/2019:00:01:57 +0000] 192.0.2.3 - DD6CC733AEXAMPLE REST.PUT.OBJECT s3-dg.pdf "PUT /amzn-s3-demo-bucket1/s3-dg.pdf HTTP/1.1" 403 AccessDenied - 4406583 41754 28 "-" "S3Console/0.4" - 10S62Zv81kBW7BB6SX4XJ48o6kpcl6LPwEoizZQQxJd5qDSCTLX0TgS37kYUBKQW3+bPdrg1234= - - - amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com - - -',
      '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be amzn-s3-demo-bucket1 [06/Feb/2019:00:02:00 +0000] 2001:db8::17 arn:aws:iam::123456789012:user/bob 7B4A0FABBEXAMPLE REST.GET.OBJECT a "GET /a HTTP/1.1" 503 SlowDown 113 - - - "-" "-" -',
    ],
  },
  {
    name: 'aws-api-gateway',
    title: 'AWS API Gateway, access logs in JSON',
    format:
      'json timestamp=requestTime:clf customer_id=user? request_path=resourcePath? status=status duration=responseLatency:ms?',
    manual: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html',
    customer: '`user`',
    note: 'For the JSON format that the console offers. It has no duration: add `"responseLatency":"$context.responseLatency"` to it, and the customer of your API, such as `"apiKeyId":"$context.identity.apiKeyId"`. `resourcePath` is that of the resource (`/customers/{id}`); add `"path":"$context.path"` for the one that was asked for.',
    examples: [
      '{"requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef","extendedRequestId":"BHwDZHRSoAMEkZA=","ip":"192.0.2.9","caller":"-","user":"-","requestTime":"02/Oct/2024:05:10:46 +0000","httpMethod":"GET","resourcePath":"/orders","status":"200","protocol":"HTTP/1.1","responseLength":"42"}',
      '{"requestId":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef","ip":"2001:db8::17","caller":"-","user":"cust_40","requestTime":"02/Oct/2024:07:10:46 +0200","httpMethod":"POST","resourcePath":"/orders","status":"502","protocol":"HTTP/1.1","responseLength":"36","responseLatency":"316"}',
      '{"requestId":"d","ip":"192.0.2.9","user":"cust_40","requestTime":"02/Oct/2024:05:10:47 +0000","httpMethod":"GET","routeKey":"GET /orders","status":"200","protocol":"HTTP/1.1","responseLength":"42","responseLatency":"7"}',
    ],
  },
  {
    name: 'aws-api-gateway-clf',
    title: 'AWS API Gateway, access logs in its common log format',
    format:
      '{-sourceIp:host} {-caller:word} {customer_id:user?} [{timestamp:clf}]"{request}" {status} {-responseLength:word} {-requestIds}',
    manual: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html',
    customer: 'the user',
    note: 'It has no duration. Use JSON with `$context.responseLatency`.',
    examples: [
      '192.0.2.9 - - [02/Oct/2024:05:10:46 +0000]"GET /orders HTTP/1.1" 200 42 c6af9ac6-7b61-11e6-9a41-93e8deadbeef BHwDZHRSoAMEkZA=',
      '2001:db8::17 - cust_40 [02/Oct/2024:07:10:46 +0200]"POST /orders HTTP/1.1" 502 36 c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      '192.0.2.9 arn:aws:iam::123456789012:user/bob bob [02/Oct/2024:05:10:47 +0000]"GET /orders/{id} HTTP/1.1" 429 42 c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    ],
  },
  {
    name: 'google-load-balancer',
    title: 'Google Cloud, Application Load Balancer',
    format:
      'json timestamp=timestamp request_path=httpRequest.requestUrl status=httpRequest.status duration=httpRequest.latency:s+unit? method=httpRequest.requestMethod client=httpRequest.remoteIp agent=httpRequest.userAgent',
    manual: 'https://docs.cloud.google.com/load-balancing/docs/https/https-logging-monitoring',
    customer: undefined,
    note: 'Entries of Cloud Logging, one on each line, as a sink writes them to Cloud Storage. The client is `httpRequest.remoteIp`.',
    examples: [
      '{"httpRequest":{"cacheLookup":true,"latency":"0.171373s","referer":"https://www.example.com/","remoteIp":"192.0.2.9","requestMethod":"GET","requestSize":"450","requestUrl":"https://api.example.com/customers/cust_40/orders?page=2","responseSize":"520","status":200,"userAgent":"curl/8.5.0"},"insertId":"6dud28flj6yki","jsonPayload":{"@type":"type.googleapis.com/google.cloud.loadbalancing.type.LoadBalancerLogEntry","statusDetails":"response_sent_by_backend"},"logName":"projects/example/logs/requests","receiveTimestamp":"2024-10-02T05:10:46.953792809Z","resource":{"labels":{"forwarding_rule_name":"rule"},"type":"http_load_balancer"},"severity":"INFO","timestamp":"2024-10-02T05:10:46.612441Z"}',
      '{"httpRequest":{"remoteIp":"2001:db8::17","requestMethod":"POST","requestUrl":"https://api.example.com/","status":502,"latency":"30s"},"resource":{"type":"http_load_balancer"},"timestamp":"2024-10-02T05:10:47Z"}',
      '{"httpRequest":{"remoteIp":"192.0.2.9","requestMethod":"GET","requestUrl":"http://api.example.com/cdn.png","status":304,"cacheHit":true},"resource":{"type":"http_load_balancer"},"timestamp":"2024-10-02T05:10:47.078651Z"}',
    ],
  },
  {
    name: 'azure-application-gateway',
    title: 'Azure Application Gateway v2, access log',
    format:
      'json timestamp=timeStamp request_path=properties.requestUri status=properties.httpStatus duration=properties.timeTaken:s? method=properties.httpMethod host=properties.host client=properties.clientIP agent=properties.userAgent',
    manual:
      'https://learn.microsoft.com/en-us/azure/application-gateway/monitor-application-gateway-reference',
    customer: undefined,
    note: 'v2 writes `timeTaken` in seconds. v1 wrote `time` and milliseconds: use `json timestamp=time … duration=properties.timeTaken:ms` for its old logs. The client is `properties.clientIP`.',
    examples: [
      '{"timeStamp":"2021-10-14T22:17:11+00:00","listenerName":"HTTP-Listener","ruleName":"Static-Rule","backendPoolName":"Static","operationName":"ApplicationGatewayAccess","category":"ApplicationGatewayAccessLog","properties":{"instanceId":"appgw_2","clientIP":"192.0.2.9","clientPort":45057,"httpMethod":"GET","originalRequestUriWithArgs":"\\/","requestUri":"\\/","requestQuery":"","userAgent":"Mozilla\\/5.0","httpStatus":200,"httpVersion":"HTTP\\/1.1","receivedBytes":184,"sentBytes":466,"clientResponseTime":0,"timeTaken":0.034,"transactionId":"592d1649f75a8d480a3c4dc6a975309d","sslEnabled":"on","serverRouted":"10.0.0.1:443","serverStatus":"200","serverResponseLatency":"0.028","originalHost":"api.example.com","host":"api.example.com"}}',
      '{"timeStamp":"2024-10-02T05:10:46+00:00","category":"ApplicationGatewayAccessLog","properties":{"clientIP":"2001:db8::17","httpMethod":"POST","requestUri":"/customers/cust_40/orders","httpStatus":502,"timeTaken":"30.001"}}',
      '{"timeStamp":"2024-10-02T05:10:47+00:00","category":"ApplicationGatewayAccessLog","properties":{"clientIP":"192.0.2.9","httpMethod":"GET","requestUri":"/","httpStatus":499,"timeTaken":0}}',
    ],
  },
  {
    name: 'azure-front-door',
    title: 'Azure Front Door, access log',
    format:
      'json timestamp=time request_path=properties.requestUri status=properties.httpStatusCode duration=properties.timeTaken:s? method=properties.httpMethod host=properties.hostName client=properties.clientIp agent=properties.userAgent',
    manual: 'https://learn.microsoft.com/en-us/azure/frontdoor/front-door-diagnostics',
    customer: undefined,
    note: 'Status 0 means that the origin gave no answer. The client is `properties.clientIp`.',
    examples: [
      '{"time":"2024-10-02T05:10:46.1234567Z","category":"FrontDoorAccessLog","operationName":"Microsoft.Cdn/Profiles/AccessLog/Write","properties":{"trackingReference":"0a1b","httpMethod":"GET","httpVersion":"2.0.0.0","requestUri":"https://api.example.com:443/customers/cust_40/orders","hostName":"api.example.com","requestBytes":"100","responseBytes":"520","userAgent":"curl/8.5.0","clientIp":"192.0.2.9","socketIp":"192.0.2.9","clientPort":"50122","timeToFirstByte":"0.310","timeTaken":"0.316","requestProtocol":"HTTPS","securityProtocol":"TLS 1.3","httpStatusCode":"200","pop":"AMS","cacheStatus":"CACHE_NOCONFIG","errorInfo":"NoError"}}',
      '{"time":"2024-10-02T05:10:47Z","category":"FrontDoorAccessLog","properties":{"httpMethod":"GET","requestUri":"https://api.example.com/","clientIp":"2001:db8::17","timeTaken":"60.001","httpStatusCode":"0","errorInfo":"OriginTimeout"}}',
      '{"time":"2024-10-02T05:10:48Z","category":"FrontdoorAccessLog","properties":{"httpMethod":"GET","requestUri":"https://api.example.com/","clientIp":"192.0.2.9","timeTaken":"0.001","httpStatusCode":"499"}}',
    ],
  },
  {
    name: 'cloudflare',
    title: 'Cloudflare Logpush, HTTP requests',
    format:
      'json timestamp=EdgeStartTimestamp request_path=ClientRequestURI status=EdgeResponseStatus duration=OriginResponseDurationMs:ms? method=ClientRequestMethod host=ClientRequestHost client=ClientIP agent=ClientRequestUserAgent',
    manual: 'https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/',
    customer: undefined,
    note: 'For times in RFC 3339. The duration is how long the origin took: 0 where Cloudflare answered from its cache. The client is `ClientIP`.',
    examples: [
      '{"ClientIP":"192.0.2.9","ClientRequestHost":"api.example.com","ClientRequestMethod":"POST","ClientRequestURI":"/customers/cust_40/orders","EdgeEndTimestamp":"2024-10-02T05:10:46Z","EdgeResponseBytes":2301,"EdgeResponseStatus":401,"EdgeStartTimestamp":"2024-10-02T05:10:46Z","EdgeTimeToFirstByteMs":28,"OriginResponseDurationMs":22,"OriginResponseStatus":401,"RayID":"3a6050bcbe121a87"}',
      '{"ClientIP":"2001:db8::17","ClientRequestHost":"api.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeEndTimestamp":"2024-10-02T05:10:48Z","EdgeResponseStatus":200,"EdgeStartTimestamp":"2024-10-02T05:10:47Z","RayID":"3a6050bcbe121a88"}',
      '{"ClientIP":"192.0.2.9","ClientRequestMethod":"GET","ClientRequestURI":"/a","EdgeResponseStatus":522,"EdgeStartTimestamp":"2024-10-02T05:10:48Z","OriginResponseDurationMs":15001}',
    ],
  },
  {
    name: 'cloudflare-unix',
    title: 'Cloudflare Logpush, HTTP requests with times in seconds',
    format:
      'json timestamp=EdgeStartTimestamp:epoch_s request_path=ClientRequestURI status=EdgeResponseStatus duration=OriginResponseDurationMs:ms? method=ClientRequestMethod host=ClientRequestHost client=ClientIP agent=ClientRequestUserAgent',
    manual: 'https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/',
    customer: undefined,
    note: 'For `timestamp_format` `unix`.',
    examples: [
      '{"ClientIP":"192.0.2.9","ClientRequestHost":"www.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/customers/cust_40","EdgeEndTimestamp":1506702504,"EdgeResponseBytes":69045,"EdgeResponseStatus":200,"EdgeStartTimestamp":1506702504,"OriginResponseDurationMs":0,"RayID":"3a6050bcbe121a87"}',
      '{"ClientIP":"2001:db8::17","ClientRequestMethod":"GET","ClientRequestURI":"/a","EdgeResponseStatus":304,"EdgeStartTimestamp":1727845846}',
      '{"ClientIP":"192.0.2.9","ClientRequestMethod":"GET","ClientRequestURI":"/a","EdgeResponseStatus":522,"EdgeStartTimestamp":1727845847,"OriginResponseDurationMs":15001}',
    ],
  },
  {
    name: 'cloudflare-unixnano',
    title: 'Cloudflare Logpush, HTTP requests with times in nanoseconds',
    format:
      'json timestamp=EdgeStartTimestamp:epoch_ns request_path=ClientRequestURI status=EdgeResponseStatus duration=OriginResponseDurationMs:ms? method=ClientRequestMethod host=ClientRequestHost client=ClientIP agent=ClientRequestUserAgent',
    manual: 'https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/',
    customer: undefined,
    note: 'For `timestamp_format` `unixnano`.',
    // Below, they are seconds or milliseconds, and every request would be one of 1970.
    isPlausible: (sample) => /"EdgeStartTimestamp": ?\d{18}/.test(sample),
    examples: [
      '{"ClientIP":"192.0.2.9","ClientRequestHost":"www.example.com","ClientRequestMethod":"GET","ClientRequestURI":"/static/img/testimonial-hipster.png","EdgeEndTimestamp":1506702504461999900,"EdgeResponseBytes":69045,"EdgeResponseStatus":200,"EdgeStartTimestamp":1506702504433000200,"RayID":"3a6050bcbe121a87"}',
      '{"ClientIP":"2001:db8::17","ClientRequestMethod":"GET","ClientRequestURI":"/customers/cust_40","EdgeResponseStatus":522,"EdgeStartTimestamp":1727845846250000000,"OriginResponseDurationMs":15001}',
      '{"ClientIP":"192.0.2.9","ClientRequestMethod":"GET","ClientRequestURI":"/a","EdgeResponseStatus":304,"EdgeStartTimestamp":1727845847999999999,"OriginResponseDurationMs":0}',
    ],
  },
];
