/** The real logrotate on logs that the real program follows, while they are written to and the program is killed. */

import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { headerOf } from '../support/counted-lines.ts';
import { FollowedLogs } from '../support/followed-logs.ts';
import { logrotateOf } from '../support/logrotate.ts';

let logs: FollowedLogs;

beforeEach(async () => {
  logs = await FollowedLogs.open();
});

afterEach(() => logs.close());

/** A file by which logrotate tells the server to open its log anew, and waits until it has. */
const signal = (): string => join(logs.parent, 'reopen');

/** What writes the log as a server does, by a descriptor that it keeps. */
class Server {
  readonly #header: string;
  readonly #flags: string;
  #descriptor: number;

  constructor(header: string, flags = 'a') {
    this.#header = header;
    this.#flags = flags;
    this.#descriptor = openSync(logs.path('app.log'), flags);
    this.begin();
  }

  /** Writes what all its logs begin with. */
  begin(): void {
    logs.lines.expectAgain(this.#header);
    writeSync(this.#descriptor, this.#header);
    this.write(1);
  }

  write(count: number): void {
    writeSync(this.#descriptor, logs.lines.lines(count));
  }

  /** As on a signal. */
  reopen(): void {
    closeSync(this.#descriptor);
    this.#descriptor = openSync(logs.path('app.log'), this.#flags);
    this.begin();
  }

  /** Writes on while something else happens, and heeds the signal. */
  async writeDuring(happening: Promise<void>): Promise<void> {
    const writing = setInterval(() => {
      this.write(3);
      if (!existsSync(signal())) return;
      this.reopen();
      rmSync(signal());
    }, 1);
    await happening.finally(() => clearInterval(writing));
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

const XZ = ['compress', 'compresscmd /usr/bin/xz', 'compressext .xz'];

const KINDS = [
  { kind: 'no compression', directives: [] },
  { kind: 'compress', directives: ['compress'] },
  { kind: 'compress, delaycompress', directives: ['compress', 'delaycompress'] },
  { kind: 'compress by xz', directives: XZ },
  { kind: 'dateext, compress', directives: ['dateext', 'dateformat -%Y%m%d-%s', 'compress'] },
];

describe.each([0, 1_800])('logs that begin with the same %i bytes', (headerBytes) => {
  it.each(KINDS)(
    'count each line once when logrotate renames them ($kind), tells the server, and the program is killed',
    async ({ directives }) => {
      const tell = `touch ${signal()}; while [ -e ${signal()} ]; do sleep 0.01; done`;
      const script = ['postrotate', tell, 'endscript'];
      const rotate = logrotateOf(logs.parent, logs.path('app.log'), ['create', ...directives, ...script]);
      const server = new Server(headerOf(headerBytes));
      server.write(500);
      await logs.follow();
      for (let rotation = 0; rotation < 5; rotation++) {
        await server.writeDuring(rotate());
        if (rotation % 2 === 1) await logs.follower.kill();
        server.write(200);
        if (rotation === 2) await logs.looked();
        logs.follower.start();
      }
      server.close();
      await logs.expectCountedOnce();
    },
  );

  it('count each line once when logrotate renames them, and the server hears of it a rotation later', async () => {
    const directives = ['create', 'compress', 'delaycompress'];
    const rotate = logrotateOf(logs.parent, logs.path('app.log'), directives);
    const server = new Server(headerOf(headerBytes));
    await logs.follow();
    for (let rotation = 0; rotation < 4; rotation++) {
      await server.writeDuring(rotate());
      server.write(100);
      if (rotation % 2 === 0) await logs.looked();
      server.reopen();
    }
    server.close();
    await logs.expectCountedOnce();
  });

  it.each(KINDS)(
    'count each line once when logrotate copies and truncates them ($kind), and the program is killed',
    async ({ directives }) => {
      const rotate = logrotateOf(logs.parent, logs.path('app.log'), ['copytruncate', ...directives]);
      const server = new Server(headerOf(headerBytes));
      server.write(500);
      await logs.follow();
      for (let rotation = 0; rotation < 5; rotation++) {
        server.write(100);
        if (rotation % 2 === 1) await logs.follower.kill();
        await rotate();
        if (rotation === 0) await logs.looked();
        server.begin();
        server.write(200);
        logs.follower.start();
        if (rotation === 2) await logs.looked();
      }
      server.close();
      await logs.expectCountedOnce();
    },
  );
});
