import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../../src/config/settings.ts';
import { LOG_WRAPPERS, type LogWrapper } from '../../../src/log-format/wrapper/types.ts';
import { unwrapOf } from '../../../src/log-format/wrapper/unwrap.ts';

/** What stands in a wrapped line: its text, and whether it is a part. Undefined where it has no such wrapper. */
function inside(wrapper: LogWrapper, line: string) {
  const bytes = Buffer.from(line);
  const inner = unwrapOf(wrapper)(bytes, 0, bytes.length);
  return inner && Buffer.from(inner.bytes.subarray(inner.start, inner.end)).toString();
}

const MESSAGE = '192.0.2.1 - bob [06/Feb/2024:12:14:00 +0000] "GET / HTTP/1.1" 200 9 "-" "a: b | c"';

describe('the wrapper of a line', () => {
  it('is one that the setting names', () => {
    expect(SETTINGS.LOG_WRAPPER.choices).toEqual(['none', ...LOG_WRAPPERS]);
  });

  it.each([
    ['cri', '2022-01-28T16:04:05.413656027Z stdout F '],
    ['cri', '2022-01-28T16:04:05Z stderr P '],
    ['cri', '2016-10-06T00:17:09.669794202+02:00 stdout F:tag '],
    ['syslog', 'Feb  6 12:14:00 web1 nginx: '],
    ['syslog', 'Feb 16 12:14:00 2001:db8::7 haproxy[14389]: '],
    ['syslog', '<190>Feb  6 12:14:00 nginx: '],
    ['syslog', '<190>Feb  6 12:14:00 web1 docker/a1b2[7]: '],
    ['syslog', '2024-02-06T12:14:00.123456+00:00 web1 nginx: '],
    ['syslog', '2024-02-06T12:14:00+0100 web1 nginx[812]: '],
    ['syslog', 'Feb 06 12:14:00.123456 web1 nginx[812]: '],
    ['syslog', 'févr. 06 12:14:00 web1 nginx[812]: '],
    ['syslog', 'Tue 2024-02-06 12:14:00 CET web1 nginx[812]: '],
    ['syslog', '1707221640.123456 web1 nginx[812]: '],
    ['syslog', '[ 1234.567890] web1 nginx[812]: '],
    ['syslog', '<190>1 2024-02-06T12:14:00.123Z web1 nginx 812 - - '],
    ['syslog', '<190>1 - - nginx - ID47 [a@32473 k="v \\" \\] \\\\" l=""][b@1] \ufeff'],
    // As rsyslog 8.2302 writes what it got from nginx, as RFC 3164 and as RFC 5424.
    ['syslog', '2026-11-28T23:00:33.242811+00:00 vm nginx[812]: '],
    ['syslog', '<190>2026-11-28T23:00:33.242799+00:00 vm nginx: '],
    ['syslog', '<190>1 2026-11-28T23:00:33.242799+00:00 vm nginx - - -  '],
    ['syslog', '<190>1 2024-02-06T12:14:00.123Z web1 nginx 812 ID47 [a@32473 k="v"] \ufeff'],
    ['syslog', 'Feb  6 12:14:00 web1 nginx[812] \ufeff'],
    ['syslog', '2024-02-06T12:14:00.123Z web1 nginx[812] '],
    ['compose', 'web-1  | '],
    ['compose', 'my_proj-api.v2-12 | '],
    ['compose-timestamps', 'web-1  | 2024-07-27T12:34:56.123456789Z '],
  ] as const)('%s comes off: %s', (wrapper, prefix) => {
    expect(inside(wrapper, prefix + MESSAGE)).toBe(MESSAGE);
  });

  it.each([
    ['cri', MESSAGE],
    ['cri', `2022-01-28 16:04:05Z stdout F ${MESSAGE}`],
    ['cri', `2022-01-28T16:04:05.1234567890Z stdout F ${MESSAGE}`],
    ['cri', `2022-01-28T16:04:05Z stdin F ${MESSAGE}`],
    ['cri', `2022-01-28T16:04:05Z stdout X ${MESSAGE}`],
    ['cri', `2022-01-28T16:04:05Z stdout ${MESSAGE}`],
    ['docker', MESSAGE],
    ['docker', '{"log":"a\\n","time":"2021-08-24T09:52:13.2Z"}'],
    ['docker', '{"log":"a\\n","stream":"stdin"}'],
    ['docker', '{"log":"a\\nb\\n","stream":"stdout"}'],
    ['docker', '{"log":"\\ud83d\\n","stream":"stdout"}'],
    ['docker', '{"log":"\\x41\\n","stream":"stdout"}'],
    ['docker', '{"log":5,"stream":"stdout"}'],
    ['docker', '{"log":null,"stream":"stdout"}'],
    ['docker', '{"log":"a\\n","stream":"stdout"'],
    ['docker', '{"stream":"stdout"}'],
    ['syslog', MESSAGE],
    ['syslog', `Feb  6 12:14:00 web1 nginx ${MESSAGE}`],
    ['syslog', `Feb  6 web1 nginx: ${MESSAGE}`],
    ['syslog', `<190>1 2024-02-06T12:14:00.123Z web1 nginx 812 - ${MESSAGE}`],
    ['compose', MESSAGE],
    ['compose', `web 1 | ${MESSAGE}`],
    ['compose-timestamps', `web-1  | ${MESSAGE}`],
    ['compose-timestamps', `web-1  | 2024-07-27T12:34:56.123Z ${MESSAGE}`],
  ] as const)('is missing where a line of %s should be: %s', (wrapper, line) => {
    expect(inside(wrapper, line)).toBe(undefined);
  });

  it.each([
    ['"\\\\\\"\\/\\t\\u0026\\u00e9\\ud83d\\ude00\\n"', '\\"/\t&é😀'],
    ['"{\\"a\\":\\"b\\\\\\"c\\"}\\n"', '{"a":"b\\"c"}'],
    ['"a\\r\\n"', 'a'],
    ['"\\n"', ''],
  ])('of Docker has the text %s, whose escapes are undone', (text, expected) => {
    expect(inside('docker', `{"log":${text},"stream":"stdout","time":"2021-08-24T09:52:13.2Z"}`)).toBe(
      expected,
    );
    expect(inside('docker', `{"stream":"stderr","attrs":{"tag":"x"}, "log":${text}}`)).toBe(expected);
  });
});
