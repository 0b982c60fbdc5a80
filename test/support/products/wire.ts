/** Odd requests, and a client that sends them as they are. */

import { connect } from 'node:net';

/** A request, byte for byte. */
export interface OddRequest {
  readonly target: string;
  /** The customer that the target names. */
  readonly inPath: string;
  readonly user?: string;
  readonly agent?: string;
  /** True where the client goes away before the answer. */
  readonly isAborted?: boolean;
}

/** What came back. */
export interface Answered extends OddRequest {
  /** Undefined where the client went away, or got no answer in HTTP. */
  readonly status: number | undefined;
}

const AGENTS = [
  'curl/8.5.0',
  'an "agent" with a \\ and \\" and ] [ - " "',
  '',
  '10/Oct/2000:13:55:36 "GET /customers/x/a HTTP/1.1" 200 5 "-" "-"',
  'Zoë’s agent {}',
];
const USERS = ['bob', 'Zoë', 'Ann Smith', 'a"b', 'back\\slash', 'ann@example.com', undefined];

const TARGETS: readonly (readonly [target: string, inPath: string])[] = [
  ['/customers/plain/status/200', 'plain'],
  ['/customers/plain/status/404', 'plain'],
  ['/customers/plain/status/503', 'plain'],
  ['/customers/plain/status/304?q="x"&y=\\', 'plain'],
  ['/customers/with%20space/status/200', 'with space'],
  ['/customers/Zo%C3%AB/status/201', 'Zoë'],
  ['/customers/Zoë/status/500', 'Zoë'],
  ['/customers/a b/status/200', 'a b'],
  ['/customers/a%2Fb/status/200', 'a/b'],
  ['/customers/100%25/status/204', '100%'],
  ['/customers/back\\slash/status/200', 'back\\slash'],
  ['/customers/quote"d/status/200', 'quote"d'],
  ['/customers/b{r}a[c]e/status/200', 'b{r}a[c]e'],
  [`/customers/long/status/200?x=${'A'.repeat(6000)}`, 'long'],
];

/** The requests, and one whose client goes away. */
export const ODD_REQUESTS: readonly OddRequest[] = [
  ...TARGETS.map(([target, inPath], i) => {
    const user = USERS[i % USERS.length];
    return {
      target,
      inPath,
      agent: AGENTS[i % AGENTS.length] ?? '',
      ...(user === undefined ? {} : { user }),
    };
  }),
  { target: '/customers/gone/slow', inPath: 'gone', isAborted: true },
];

/**
 * Sends a request.
 * @param isHeld resolves when the answer to an aborted request is held back, so that its client can go away.
 */
export function send(port: number, request: OddRequest, isHeld: Promise<void>): Promise<Answered> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytesOf(request));
  return new Promise((resolve, reject) => {
    let answer = '';
    if (request.isAborted) isHeld.then(() => socket.destroy(), reject);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const status = /^HTTP\/1\.\d (\d{3})/.exec(answer)?.[1];
      resolve({ ...request, status: status === undefined ? undefined : Number(status) });
    });
  });
}

function bytesOf({ target, user, agent }: OddRequest): Buffer {
  const lines = [
    `GET ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...(agent === undefined ? [] : [`User-Agent: ${agent}`]),
    ...(user === undefined
      ? []
      : [`Authorization: Basic ${Buffer.from(`${user}:secret`).toString('base64')}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}
