import { setTimeout as delay } from 'node:timers/promises';

/** The customer whose lines are watched. Each write has one of them. */
export const PROBE = 'probe';

const WRITES_A_SECOND = 100;
const CUSTOMERS = 50;
const STATUSES = [200, 200, 200, 404, 500];

/** Writes lines of the default format at a steady rate, a hundred times a second. */
export class LogWriter {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #linesAWrite: number;
  readonly #block: Buffer;
  /** When each line of the probe was written, by the clock of `performance.now()`. */
  readonly probesMs: number[] = [];
  lines = 0;
  /** How long {@link run} took. */
  seconds = 0;

  /** @param rate lines a second. */
  constructor(write: (bytes: Uint8Array) => void, rate: number) {
    this.#write = write;
    this.#linesAWrite = Math.max(1, Math.round(rate / WRITES_A_SECOND));
    this.#block = blockOf(this.#linesAWrite);
  }

  /** Writes once: the lines of a hundredth of a second. The last of them is the probe's. */
  write(): void {
    this.#write(this.#block);
    this.probesMs.push(performance.now());
    this.lines += this.#linesAWrite;
  }

  /** Writes for this many seconds. After a pause of the machine, it catches up. */
  async run(seconds: number): Promise<void> {
    const beganMs = performance.now();
    for (let written = 0; written < seconds * WRITES_A_SECOND; written++) {
      const dueMs = beganMs + (written * 1000) / WRITES_A_SECOND;
      const waitMs = dueMs - performance.now();
      if (waitMs > 1) await delay(waitMs);
      this.write();
    }
    this.seconds = (performance.now() - beganMs) / 1000;
  }
}

/** The same lines each time, because only their number matters here. */
function blockOf(lines: number): Buffer {
  const text = Array.from({ length: lines }, (_, i) => {
    const customer = i === lines - 1 ? PROBE : `cust_${i % CUSTOMERS}`;
    const time = new Date(Date.UTC(2024, 9, 2) + ((i * 7919) % 86_400) * 1000).toISOString();
    const duration = (((i * 31) % 2000) / 1000).toFixed(3);
    return `${time.slice(0, 10)} ${time.slice(11, 19)} ${customer} /api/v1/resource${i % 9} ${STATUSES[i % STATUSES.length]} ${duration}\n`;
  });
  return Buffer.from(text.join(''));
}
