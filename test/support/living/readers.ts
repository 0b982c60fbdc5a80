import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../../src/store/contract.ts';
import { follow, readOnce, type Stepped, type SteppedSettings } from '../steps.ts';
import type { WorldClock } from './clock.ts';
import type { LogDirectory } from './log-directory.ts';

/** Waits after which everything that only waiting shows was read. */
const SETTLING_MS = [0, 1_000, 11_000, 200, 200, 11_000, 200, 200, 200];

/** What reads a directory of logs: a program, and another one that sees the same directory as it was some time ago. */
export class Readers {
  readonly problems = new Set<string>();
  readonly #files: LogDirectory;
  readonly #clock: WorldClock;
  readonly #settings: SteppedSettings;
  #reader: Stepped | undefined;
  #viewer: Stepped | undefined;
  /** Where the view lies while its reader does not look. */
  readonly #view: string;
  readonly #aside: string;
  #hasView = false;

  constructor(files: LogDirectory, store: Store, clock: WorldClock) {
    this.#files = files;
    this.#clock = clock;
    this.#view = `${files.directory}-view`;
    this.#aside = `${files.directory}-aside`;
    this.#settings = {
      paths: [files.directory],
      store,
      nowMs: clock.nowMs,
      systemMs: clock.systemMs,
      problem: (code: string) => void this.problems.add(code),
    };
  }

  get isRunning(): boolean {
    return this.#reader !== undefined;
  }

  async look(): Promise<void> {
    this.#clock.pass(200);
    await this.#reader?.step();
  }

  async start(): Promise<void> {
    if (this.#reader) return;
    this.#reader = follow(this.#settings);
    await this.look();
  }

  async stop(): Promise<void> {
    await this.#reader?.stop();
    this.#reader = undefined;
  }

  async readOnce(): Promise<void> {
    await readOnce(this.#settings).catch(() => undefined);
  }

  /** Reads everything that is there. */
  async settle(): Promise<void> {
    for (const waitMs of SETTLING_MS) {
      this.#clock.pass(waitMs);
      await this.look();
      await this.lookAtView();
    }
  }

  /** The view begins as the directory is now. */
  async startView(): Promise<void> {
    if (this.#viewer) return;
    if (!this.#hasView) cpSync(this.#files.directory, this.#view, { recursive: true });
    this.#hasView = true;
    this.#viewer = follow(this.#settings);
    await this.lookAtView();
  }

  async stopView(): Promise<void> {
    await this.#viewer?.stop();
    this.#viewer = undefined;
  }

  /** One that left the view is over there after a wait, though it may go on; so the reader that sees it looks first. */
  async lookAtView(): Promise<void> {
    if (!this.#viewer) return;
    await this.look();
    renameSync(this.#files.directory, this.#aside);
    renameSync(this.#view, this.#files.directory);
    await this.#viewer.step();
    renameSync(this.#files.directory, this.#view);
    renameSync(this.#aside, this.#files.directory);
  }

  /** The view becomes what the directory is. */
  catchUp(): void {
    if (!this.#hasView) return;
    mkdirSync(this.#view, { recursive: true });
    const names = readdirSync(this.#files.directory);
    for (const name of readdirSync(this.#view)) if (!names.includes(name)) rmSync(join(this.#view, name));
    for (const name of names) this.#see(name, Number.POSITIVE_INFINITY);
  }

  /** One file of the view grows, maybe not to where it is. */
  catchUpInPart(path: string, bytes: number): void {
    const name = path.slice(this.#files.directory.length + 1);
    if (!this.#hasView || !readdirSync(this.#view).includes(name)) return;
    const [present, seen] = [path, join(this.#view, name)].map((file) => readFileSync(file));
    if (isBeginningOf(seen, present)) this.#see(name, seen.length + bytes);
  }

  #see(name: string, upTo: number): void {
    const path = join(this.#view, name);
    const present = readFileSync(join(this.#files.directory, name)).subarray(0, upTo);
    const seen = readdirSync(this.#view).includes(name) ? readFileSync(path) : undefined;
    if (!seen || !isBeginningOf(seen, present)) this.#files.replace(path, present);
    else if (seen.length < present.length) this.#files.append(path, present.subarray(seen.length));
  }

  /** Reads all, and ends. */
  async end(): Promise<void> {
    await this.start();
    this.catchUp();
    await this.settle();
    await this.stop();
    await this.stopView();
    rmSync(this.#view, { recursive: true, force: true });
  }
}

function isBeginningOf(beginning: Uint8Array, whole: Uint8Array): boolean {
  return Buffer.compare(beginning, whole.subarray(0, beginning.length)) === 0;
}
