import { describe, expect, it } from 'vitest';
import { recognise } from '../../../src/log-format/recognise.ts';
import { UTC } from '../../../src/window/zone.ts';

const SETTINGS = { logZone: UTC, missingCustomerId: undefined };
const recogniseLines = (...lines: readonly object[]) =>
  recognise(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')), true, SETTINGS);
const nameOf = (...lines: readonly object[]) => recogniseLines(...lines).fitting[0]?.known.name;
const doubtsOf = (...lines: readonly object[]) => recogniseLines(...lines).doubts.join(' ');

const CADDY = {
  logger: 'http.log.access.log0',
  request: { remote_ip: '192.0.2.1', method: 'GET', uri: '/a', headers: { Accept: ['*/*'] } },
  bytes_read: 0,
  user_id: 'bob',
  size: 0,
  status: 200,
  resp_headers: {},
};
const CADDY_MAPPING = 'customer_id=user_id? request_path=request.uri status=status';

describe('a mapping for JSON lines', () => {
  it.each([
    ['2025-01-04T19:46:44.435+0800', 'timestamp=ts'],
    ['2025-01-04T19:46:44Z', 'timestamp=ts'],
    ['02/Jan/2025:15:04:05 -0700', 'timestamp=ts:clf'],
    ['2025/01/04 19:46:44', 'timestamp=ts:slashes'],
    ['2025/01/04 19:46:44.435', 'timestamp=ts:slashes'],
    [1735991204435.123, 'timestamp=ts:epoch_ms'],
  ])('reads Caddy’s time as it is set: %s', (ts, timestamp) => {
    expect(nameOf({ ...CADDY, ts, duration: 0.0012 })).toBe(
      `json ${timestamp} ${CADDY_MAPPING} duration=duration:s`,
    );
  });

  it('reads Caddy’s nanoseconds where they are too long for another unit', () => {
    expect(nameOf({ ...CADDY, ts: 1735991204.4, duration: 120_000_000 })).toBe(
      `json timestamp=ts:epoch_s ${CADDY_MAPPING} duration=duration:ns`,
    );
  });

  it.each(['812.5µs', '1m2.5s', '1.2ms'])('reads Caddy’s durations with units: %s', (duration) => {
    expect(nameOf({ ...CADDY, ts: 1735991204.4, duration })).toBe(
      `json timestamp=ts:epoch_s ${CADDY_MAPPING} duration=duration:text`,
    );
  });

  it('does not take Caddy’s whole numbers for seconds', () => {
    expect(nameOf({ ...CADDY, ts: 1735991204.4, duration: 12 })).toBeUndefined();
    expect(doubtsOf({ ...CADDY, ts: 1735991204.4, duration: 12 })).toContain(
      'the unit of the duration duration',
    );
  });

  it('goes by names and shapes, and says why', () => {
    const line = {
      '@timestamp': '2024-10-02T05:10:46Z',
      httpStatus: 200,
      url: '/a',
      elapsedMs: 12,
      customerId: 'c',
    };
    const [best] = recogniseLines(line).fitting;
    expect(best?.known.name).toBe(
      'json timestamp=@timestamp customer_id=customerId? request_path=url status=httpStatus duration=elapsedMs:ms',
    );
    expect(best?.known.reasons).toEqual([
      'time: @timestamp, such as 2024-10-02T05:10:46Z (iso8601)',
      'customer: customerId, because of its name',
      'path: url, such as /a',
      'status: httpStatus, such as 200',
      'duration: elapsedMs, in ms, because its name says so',
    ]);
  });

  it.each([
    [
      {
        time: 1727845846000,
        level: 30,
        pid: 7,
        req: { url: '/a' },
        res: { statusCode: 200 },
        responseTime: 12,
      },
      'ms',
    ],
    [
      {
        '@timestamp': '2024-10-02T05:10:46Z',
        url: { path: '/' },
        event: { duration: 12 },
        http: { response: { status_code: 200 } },
      },
      'ns',
    ],
    [
      {
        start_time: '2024-10-02T05:10:46Z',
        path: '/',
        response_code: 200,
        response_flags: '-',
        duration: 12,
        more: 1,
      },
      'ms',
    ],
    [{ time: '2024-10-02T05:10:46Z', uri: '/', status: 200, request_time: '0.100', body_bytes_sent: 7 }, 's'],
    [{ ts: '2024-10-02T05:10:46Z', uri: '/', status: 200, duration_us: 7 }, 'us'],
    [{ ts: '2024-10-02T05:10:46Z', uri: '/', status: 200, latencySeconds: 7.5 }, 's'],
  ])('knows the unit: %j', (line, unit) => {
    expect(nameOf(line)).toMatch(new RegExp(`(:${unit}$)|istio-json`));
  });

  it.each([
    [{ ts: '2024-10-02T05:10:46Z', uri: '/', status: 200, duration: 0.5 }, 'the unit of the duration'],
    [{ ts: '2024-10-02T05:10:46Z', uri: '/', status: 200, request_time: 12.345 }, 'the unit of the duration'],
    [{ ts: '2024-10-02T05:10:46Z', uri: '/', status: 200, a: 0.5 }, 'whether a is the duration'],
    [
      { ts: '2024-10-02T05:10:46Z', uri: '/', status: 200, elapsed_ms: 5, total_time_ms: 6, latency_ms: 7 },
      'which of',
    ],
    [{ uri: '/', status: 200, duration_ms: 5 }, 'which key is the time'],
    [{ ts: '2024-10-02T05:10:46Z', uri: '/', duration_ms: 5 }, 'which key is the status'],
  ])('asks where it cannot tell: %j', (line, what) => {
    expect(nameOf(line)).toBeUndefined();
    expect(doubtsOf(line)).toContain(what);
  });

  it('does not read nginx’s JSON without the duration that another key has', () => {
    const line = {
      time_iso8601: '2024-10-02T05:10:46Z',
      remote_user: 'bob',
      request: 'GET / HTTP/1.1',
      status: '200',
    };
    expect(nameOf({ ...line, request_time: '0.316' })).toBe('nginx-json');
    expect(nameOf({ ...line, latency_ms: 316 })).toContain('duration=latency_ms:ms');
  });

  it('takes the time of the request, not of the upstream server, and its own duration', () => {
    const line = {
      ...{
        time: '2024-10-02T05:10:47Z',
        start_time: '2024-10-02T05:10:46Z',
        upstream_status: '502',
        status: 200,
      },
      ...{ upstream_response_time_ms: 3, duration_ms: 5, uri: '/' },
    };
    expect(nameOf(line)).toBe(
      'json timestamp=start_time request_path=uri status=status duration=duration_ms:ms',
    );
  });

  it('writes keys so that the mapping can be pasted', () => {
    expect(
      nameOf({ 'the time': '2024-10-02T05:10:46Z', 'a.b': { status: 200 }, time: '2024-10-02T05:10:46Z' }),
    ).toBe('json timestamp=time status=a\\.b.status');
  });
});
