import fc from 'fast-check';
import type { LogWrapper } from '../../src/log-format/wrapper/types.ts';

/** Puts wrappers around lines, as programs do. */

/** Two digits of a number up to 60, for times. */
const two = (value: number): string => String(value % 60).padStart(2, '0');

/** What is chosen for each wrapped line. */
export interface Style {
  readonly at: number;
  readonly kind: number;
}

export const style: fc.Arbitrary<Style> = fc.record({ at: fc.nat(1e6), kind: fc.nat(11) });

const STREAMS = ['stdout', 'stderr'] as const;

function isoTime({ at, kind }: Style): string {
  const fraction = ['', '.2', '.413656027', '.41365602'][kind % 4];
  const zone = ['Z', 'Z', '+02:00', '-05:30'][(kind >> 1) % 4];
  return `2022-01-28T16:${two(at)}:${two(at >> 6)}${fraction}${zone}`;
}

export function criLine(content: Uint8Array, isPart: boolean, stream: number, one: Style): Buffer {
  const tags = `${isPart ? 'P' : 'F'}${one.kind === 11 ? ':other' : ''}`;
  return Buffer.concat([Buffer.from(`${isoTime(one)} ${STREAMS[stream]} ${tags} `), content]);
}

/** The text of a JSON string that stands for these bytes, as Go writes it, or with more escapes. */
function jsonText(content: Uint8Array, kind: number): Buffer {
  const pieces = Array.from(content, (byte) => {
    if (byte === 0x22 || byte === 0x5c) return Buffer.from([0x5c, byte]);
    if (byte === 0x09 || byte === 0x0d) return Buffer.from(byte === 0x09 ? '\\t' : '\\r');
    const isEscaped = byte < 0x20 || '<>&'.includes(String.fromCharCode(byte)) || (kind === 7 && byte < 0x80);
    return isEscaped ? Buffer.from(`\\u00${byte.toString(16).padStart(2, '0')}`) : Buffer.of(byte);
  });
  return Buffer.concat(pieces);
}

export function dockerLine(content: Uint8Array, isPart: boolean, stream: number, one: Style): Buffer {
  const attrs = one.kind === 9 ? ',"attrs":{"tag":"a\\"b","n":"{]"}' : '';
  const space = one.kind === 10 ? ' ' : '';
  const rest = `"${space},"stream":"${STREAMS[stream]}"${attrs},"time":"${isoTime(one)}"}`;
  const end = isPart ? '' : one.kind === 8 ? '\\r\\n' : '\\n';
  return Buffer.concat([Buffer.from('{"log":"'), jsonText(content, one.kind), Buffer.from(end + rest)]);
}

const SYSLOG_PREFIXES: readonly ((one: Style) => string)[] = [
  ({ at }) => `Feb  6 12:${two(at)}:00 web1 nginx: `,
  ({ at }) => `<190>Feb 16 12:${two(at)}:00 nginx: `,
  (one) => `${isoTime(one)} web1.example.com haproxy[14389]: `,
  (one) => `<190>1 ${isoTime(one)} 192.0.2.7 app - - - `,
  ({ at }) =>
    `<13>1 - host app 12 ID${at} [a@1 k="v \\" \\] ]["][b] `
      .replace('[b]', '[b@1 k=""]')
      .replace(' ][', ' [x'),
  ({ at }) => `Feb 06 12:${two(at)}:00.123456 web1 docker/nginx:latest[7]: `,
  ({ at }) => `Tue 2024-02-06 12:${two(at)}:00 CET web1 nginx[812]: `,
  ({ at }) => `[ ${at}.567890] web1 kernel: `,
  ({ at }) => `17072216${two(at)}.123456 web1 (nginx)[1]: `,
  (one) => `<34>1 ${isoTime(one)} - - - - - \ufeff`,
];

const COMPOSE_NAMES = ['web-1  ', 'caddy  ', 'my_proj-api.v2-12 '];

/** The wrapped line, without its newline. */
export function wrappedLine(wrapper: LogWrapper, content: Uint8Array, one: Style): Buffer {
  const behind = (prefix: string) => Buffer.concat([Buffer.from(prefix), content]);
  switch (wrapper) {
    case 'cri':
      return criLine(content, false, one.at % 2, one);
    case 'docker':
      return dockerLine(content, false, one.at % 2, one);
    case 'syslog':
      return behind(SYSLOG_PREFIXES[one.kind % SYSLOG_PREFIXES.length](one));
    case 'compose':
      return behind(`${COMPOSE_NAMES[one.kind % 3]}| `);
    case 'compose-timestamps':
      return behind(`${COMPOSE_NAMES[one.kind % 3]}| 2024-07-27T12:${two(one.at)}:00.123456789Z `);
  }
}
