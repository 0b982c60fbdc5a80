import { connect, type Socket } from 'node:net';

/** More than there are requests at a time, unless the server cannot keep up. */
const MAX_CONNECTIONS = 256;

interface Asked {
  readonly path: string;
  readonly resolve: (status: number) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Asks over connections that stay open, one request at a time on each. It looks at nothing but the status and the length of an
 * answer: a whole client of HTTP took as much of the processors as the server that is measured.
 */
export class LeanClient {
  readonly #url: URL;
  readonly #idle: Connection[] = [];
  readonly #waiting: Asked[] = [];
  #open = 0;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** @returns the status, when the whole answer is there. It must say its `content-length`. */
  get(path: string): Promise<number> {
    return new Promise((resolve, reject) => this.#ask({ path, resolve, reject }));
  }

  #ask(asked: Asked): void {
    const connection = this.#idle.pop() ?? (this.#open < MAX_CONNECTIONS ? this.#connect() : undefined);
    if (connection) connection.ask(asked);
    else this.#waiting.push(asked);
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  #connect(): Connection {
    this.#open++;
    const connection = new Connection(this.#url, {
      idle: () => {
        const next = this.#waiting.shift();
        if (next) connection.ask(next);
        else this.#idle.push(connection);
      },
      closed: () => {
        this.#open--;
        const at = this.#idle.indexOf(connection);
        if (at >= 0) this.#idle.splice(at, 1);
        const next = this.#waiting.shift();
        if (next) this.#ask(next);
      },
    });
    return connection;
  }
}

interface ConnectionEvents {
  idle(): void;
  closed(): void;
}

class Connection {
  readonly #host: string;
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  #asked: Asked | undefined;
  #status = 0;
  /** Undefined until the head of the answer is there. */
  #missingBytes: number | undefined;
  #head = '';
  #error: Error | undefined;

  constructor({ hostname, port, host }: URL, events: ConnectionEvents) {
    this.#host = host;
    this.#events = events;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (data) => this.#take(data));
    this.#socket.on('error', (error) => {
      this.#error = error;
    });
    this.#socket.on('close', () => {
      this.#asked?.reject(this.#error ?? new Error('The server closed a connection.'));
      this.#asked = undefined;
      events.closed();
    });
  }

  ask(asked: Asked): void {
    this.#asked = asked;
    this.#socket.write(`GET ${asked.path} HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    if (this.#missingBytes === undefined) this.#takeHead(data);
    else this.#missingBytes -= data.length;
    if (this.#missingBytes !== 0) return;
    this.#missingBytes = undefined;
    this.#head = '';
    const asked = this.#asked;
    this.#asked = undefined;
    this.#events.idle();
    asked?.resolve(this.#status);
  }

  #takeHead(data: Buffer): void {
    this.#head += data.toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const [, status] = /^HTTP\/1\.1 (\d+)/.exec(this.#head) ?? [];
    const [, bytes] = /\r\ncontent-length: (\d+)\r\n/i.exec(this.#head.slice(0, end + 2)) ?? [];
    if (status === undefined || bytes === undefined)
      return void this.#socket.destroy(new Error(`not understood: ${this.#head.slice(0, end)}`));
    this.#status = Number(status);
    this.#missingBytes = Number(bytes) - (this.#head.length - end - 4);
  }
}
