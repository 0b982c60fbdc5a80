/** What the names of JSON keys say about their values. */

import type { DurationUnit } from '../format.ts';

/** `requestTimeMs`, `request_time.ms` → request, time, ms. */
function wordsOf(path: string): string[] {
  return lastKey(path)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\dµ]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** The last key of a path, without a sign before it. */
function lastKey(path: string): string {
  return (path.match(/(?:[^.\\]|\\.)+/gs)?.at(-1) ?? path).replace(/\\(.)/gs, '$1');
}

/** The name without capitals and separators: `status_code` and `statusCode` are `statuscode`. */
function plain(path: string): string {
  return wordsOf(path).join('');
}

/** Names in the order in which they are preferred. */
const NAMES = {
  timestamp: [
    ...['starttime', 'startedat', 'startutc', 'requesttimestamp', 'timeiso8601', 'timestamp', 'ts', 'time'],
    ...[
      'timelocal',
      'datetime',
      'eventtime',
      'date',
      'msec',
      'at',
      't',
      'asctime',
      'logtime',
      'timereceived',
      'epoch',
    ],
  ],
  status: [
    ...['status', 'statuscode', 'responsecode', 'responsestatus', 'responsestatuscode', 'httpstatus'],
    ...['httpstatuscode', 'downstreamstatus', 'respstatus', 'scstatus', 'code', 's'],
  ],
  request_path: [
    ...[
      'requesturi',
      'uri',
      'requestpath',
      'path',
      'requesturl',
      'url',
      'originalurl',
      'httppath',
      'httptarget',
    ],
    ...['httpurl', 'target', 'uripath', 'urlpath', 'endpoint'],
  ],
  customer_id: ['customerid', 'xcustomerid', 'customer', 'remoteuser'],
} as const;

/** How well a name fits, 0 the best. Undefined where it does not. */
export function rankOf(role: keyof typeof NAMES, path: string): number | undefined {
  const names: readonly string[] = NAMES[role];
  const rank = names.indexOf(plain(path));
  return rank < 0 || isOfAnother(path) ? undefined : rank;
}

const OTHERS = new Set([
  ...[
    'upstream',
    'backend',
    'origin',
    'target',
    'connect',
    'connection',
    'header',
    'headers',
    'queue',
    'wait',
    'dns',
  ],
  ...[
    'tls',
    'ssl',
    'handshake',
    'db',
    'sql',
    'view',
    'kong',
    'proxy',
    'first',
    'ttfb',
    'overhead',
    'gc',
    'cpu',
    'read',
  ],
  ...['write', 'timeout', 'ttl', 'max', 'min', 'avg', 'expires', 'cache', 'retry'],
]);

/** True for what an upstream server, a connection or a part of the request did. */
function isOfAnother(path: string): boolean {
  const words = path.split('.').flatMap((key) => wordsOf(key));
  return words.length > 1 && words.some((word) => OTHERS.has(word));
}

const UNITS: Readonly<Record<string, DurationUnit>> = {
  ...{ s: 's', sec: 's', secs: 's', second: 's', seconds: 's' },
  ...{ ms: 'ms', msec: 'ms', msecs: 'ms', milli: 'ms', millis: 'ms', millisecond: 'ms', milliseconds: 'ms' },
  ...{
    us: 'us',
    µs: 'us',
    usec: 'us',
    usecs: 'us',
    micro: 'us',
    micros: 'us',
    microsecond: 'us',
    microseconds: 'us',
  },
  ...{ ns: 'ns', nsec: 'ns', nsecs: 'ns', nano: 'ns', nanos: 'ns', nanosecond: 'ns', nanoseconds: 'ns' },
};

/** The unit that a name ends with. */
export function unitInName(path: string): DurationUnit | undefined {
  const words = wordsOf(path);
  // `timems` has no word of its own for the unit, but nothing else ends like that.
  const [, joined] =
    /(?:time|duration|latency|elapsed)(ms|us|ns|msec|usec|nsec|sec)$/.exec(words.join('')) ?? [];
  return UNITS[words.at(-1) ?? ''] ?? UNITS[joined ?? ''];
}

const DURATION =
  /duration|latency|elapsed|took|taken|runtime|responsetime|resptime|restime|requesttime|reqtime|processingtime|proctime|servicetime|servetime|servingtime|totaltime|roundtrip|handlingtime|executiontime|exectime|latencies/;

/** True where a name says that the value is the duration of the request. */
export function isDurationName(path: string): boolean {
  if (isOfAnother(path)) return false;
  const name = plain(path);
  return (
    DURATION.test(name) || /^latencies\.request$/.test(path) || /^(rt|d|ms|us|ns|responsetime)$/.test(name)
  );
}

const HARMLESS = new Set([
  ...[
    'bytes',
    'size',
    'length',
    'len',
    'port',
    'pid',
    'tid',
    'id',
    'count',
    'level',
    'version',
    'code',
    'status',
    'num',
  ],
  ...[
    'number',
    'line',
    'retries',
    'attempts',
    'attempt',
    'requests',
    'conn',
    'offset',
    'seq',
    'sent',
    'received',
    'ip',
  ],
  ...[
    'severity',
    'v',
    'lineno',
    'thread',
    'worker',
    'major',
    'minor',
    'serial',
    'ratio',
    'suite',
    'hits',
    'year',
    'asn',
  ],
]);

/** True where a name says that a number is no duration. */
export function isHarmlessName(path: string): boolean {
  return isOfAnother(path) || wordsOf(path).some((word) => HARMLESS.has(word));
}
