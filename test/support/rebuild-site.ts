/** A store that was filled from logs, to be rebuilt from them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach } from 'vitest';
import { envOf, run } from './cli.ts';
import { lineOf, randomRequests } from './random-log.ts';
import { ledger, statisticsRows } from './rows.ts';
import type { StoreKind, StorePlace } from './sqlite-place.ts';

/** Of few windows: each test reads and compares all rows of several stores. */
export const linesOf = (count: number, seed: number) =>
  randomRequests(count, seed, { customers: 12, hoursADay: 3 }).map(lineOf);
export const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Damage as a mishap does it: rows changed, gone, and such as never were. */
const DAMAGE = [
  "update customer_daily_stats set success_requests = success_requests + 1 where date = '2024-09-20'",
  "delete from customer_daily_stats where date = '2024-09-22'",
  "update customer_daily_stats set date = '2031-01-01' where date = '2024-09-25'",
];

const DAMAGED = new Set(['2024-09-20', '2024-09-22', '2024-09-25', '2031-01-01']);

/** True for days that `RebuildSite.damage` leaves alone. */
export const isUndamaged = (date: string): boolean => !DAMAGED.has(date);

class RebuildSite {
  /** Of the store that is rebuilt. */
  place!: StorePlace;
  env!: { DATA_DIR: string; LOGS_SOURCE_DIR: string } & Record<string, string>;
  directory = '';
  logs = '';
  readonly #kind: StoreKind;
  #places: StorePlace[] = [];

  constructor(kind: StoreKind) {
    this.#kind = kind;
  }

  get dataDir(): string {
    return this.env.DATA_DIR;
  }

  /** Makes two logs and an empty store. */
  async open(): Promise<void> {
    this.#places = [];
    this.directory = mkdtempSync(join(tmpdir(), 'daymark-rebuild-'));
    this.logs = join(this.directory, 'logs');
    mkdirSync(this.logs);
    writeFileSync(join(this.logs, 'a.log'), `${textOf(linesOf(3000, 1))}broken\n\n`);
    writeFileSync(join(this.logs, 'b.log.gz'), gzipSync(textOf(linesOf(2000, 2))));
    ({ place: this.place, env: this.env } = await this.#newStore());
  }

  async close(): Promise<void> {
    for (const place of this.#places) await place.dispose();
    rmSync(this.directory, { recursive: true });
  }

  async #newStore() {
    const place = await this.#kind.createPlace();
    this.#places.push(place);
    const dataDir = join(this.directory, `data-${this.#places.length}`);
    return { place, env: { DATA_DIR: dataDir, ...envOf(place.location), LOGS_SOURCE_DIR: this.logs } };
  }

  /** Runs a command that is to do well. @returns its JSON. */
  async done(args: readonly string[], env: Record<string, string> = this.env) {
    const { code, stdout, stderr } = await run([...args, '--json'], { env });
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  /** Changes days of customers, and no windows of other kinds. */
  async damage(): Promise<void> {
    for (const statement of DAMAGE) await this.place.query(statement);
  }

  /** @param isHeld on which dates windows of all kinds must agree. */
  async contents(isHeld?: (date: string) => boolean, place = this.place) {
    const rejected = await place.query(
      'select line_offset, reason, excerpt from rejected_lines order by line_offset',
    );
    return { rows: await statisticsRows(place, isHeld), ledger: await ledger(place), rejected };
  }

  /** What a store holds that read these logs once. */
  async undisturbed(args: readonly string[] = []) {
    const fresh = await this.#newStore();
    await this.done(['ingest', ...args], fresh.env);
    return this.contents(undefined, fresh.place);
  }
}

/** Gives each test a site of its own, and deletes it when the test is over. */
export function useRebuildSite(kind: StoreKind): RebuildSite {
  const site = new RebuildSite(kind);
  beforeEach(() => site.open());
  afterEach(() => site.close());
  return site;
}
