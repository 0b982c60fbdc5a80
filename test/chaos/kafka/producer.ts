/** Producers that resolve every message: kcat (librdkafka), idempotent, with the acknowledgement of all replicas. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { numberedLine, numberOf } from './numbered-lines.ts';

const SETTINGS = [
  ...['acks=all', 'enable.idempotence=true', 'message.timeout.ms=0'],
  ...[
    'topic.metadata.refresh.interval.ms=2000',
    'queue.buffering.max.ms=20',
    'reconnect.backoff.max.ms=1000',
  ],
].flatMap((setting) => ['-X', setting]);

/** Ends a message on kcat's standard input. No line has it. */
const END = '\u001e';

export interface ProducerOptions {
  readonly brokers: string;
  readonly topic: string;
  /** How many lines stand in each message. */
  readonly linesAMessage: number;
  readonly compression: 'lz4' | 'zstd' | 'snappy' | 'gzip';
}

export class Producer {
  readonly #process: ChildProcess;
  readonly #linesAMessage: number;
  #waiting: number[] = [];
  #said = '';

  constructor({ brokers, topic, linesAMessage, compression }: ProducerOptions) {
    const args = ['-P', '-q', '-b', brokers, '-t', topic, '-z', compression, '-D', '\\x1e', ...SETTINGS];
    this.#process = spawn('kcat', args, { stdio: ['pipe', 'ignore', 'pipe'] });
    this.#process.stderr?.on('data', (data) => {
      this.#said = (this.#said + data).slice(-5_000);
    });
    this.#process.stdin?.on('error', () => undefined);
    this.#linesAMessage = linesAMessage;
  }

  /** Sends lines; those that do not fill a message wait for more. @throws where it has ended. */
  send(numbers: readonly number[]): void {
    if (this.#process.exitCode !== null)
      throw new Error(`a producer ended with ${this.#process.exitCode}: ${this.#said}`);
    this.#waiting.push(...numbers);
    while (this.#waiting.length >= this.#linesAMessage)
      this.#sendMessage(this.#waiting.splice(0, this.#linesAMessage));
  }

  #sendMessage(numbers: readonly number[]): void {
    this.#process.stdin?.write(`${numbers.map(numberedLine).join('\n')}${END}`);
  }

  /** Waits until every message is acknowledged. @throws where one is not. */
  async flush(): Promise<void> {
    if (this.#waiting.length > 0) this.#sendMessage(this.#waiting.splice(0));
    const ended = once(this.#process, 'close');
    this.#process.stdin?.end();
    await ended;
    if (this.#process.exitCode !== 0)
      throw new Error(`a producer ended with ${this.#process.exitCode}: ${this.#said}`);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

/** Reads a whole topic back. @returns the numbers of its lines, in any order. */
export async function linesOf(brokers: string, topic: string): Promise<number[]> {
  const args = ['-C', '-q', '-e', '-b', brokers, '-t', topic, '-o', 'beginning', '-X', 'check.crcs=true'];
  const kcat = spawn('kcat', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  kcat.stderr.on('data', (data) => {
    said += data;
  });
  const numbers: number[] = [];
  let rest = '';
  for await (const piece of kcat.stdout.setEncoding('utf8')) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) numbers.push(numberOf(line));
  }
  if (kcat.exitCode === null) await once(kcat, 'close');
  if (kcat.exitCode !== 0 || rest !== '') throw new Error(`kcat ended with ${kcat.exitCode}: ${said}${rest}`);
  return numbers;
}
