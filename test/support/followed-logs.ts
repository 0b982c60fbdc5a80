/** A directory of logs that the real program follows, and what its store must say of them. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CountedLines } from './counted-lines.ts';
import { Follower } from './follower.ts';
import { openSqlite, type StoreUnderTest } from './store-under-test.ts';
import { until } from './until.ts';

const MARKER = 'marker.log';

export interface FollowedLogsOptions {
  readonly store?: StoreUnderTest;
  /** Settings of the program. */
  readonly env?: Readonly<Record<string, string>>;
  /** As in `cli.ts`. */
  readonly within?: readonly string[];
}

export class FollowedLogs {
  /** For what the program does not see. */
  readonly parent = mkdtempSync(join(tmpdir(), 'daymark-followed-'));
  readonly directory = join(this.parent, 'logs');
  readonly store: StoreUnderTest;
  readonly follower: Follower;
  readonly lines = new CountedLines();
  readonly env: Readonly<Record<string, string>>;

  private constructor(store: StoreUnderTest, { env = {}, within = [] }: FollowedLogsOptions) {
    mkdirSync(this.directory);
    this.store = store;
    this.env = { ...store.env, ...env };
    this.follower = new Follower({ directory: this.directory, env: this.env, isUp: false, within });
  }

  static async open(options: FollowedLogsOptions = {}): Promise<FollowedLogs> {
    return new FollowedLogs(options.store ?? (await openSqlite()), options);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Adds lines to a log; each must count once. */
  write(name: string, count: number): void {
    appendFileSync(this.path(name), this.lines.lines(count));
  }

  /** Starts the program, and waits until all that is there is counted. */
  async follow(): Promise<void> {
    this.follower.start();
    await this.follower.untilFollowing();
    await this.untilCounted();
  }

  /** Waits until every customer has the requests that it must have. @throws where one has more. */
  untilCounted(): Promise<void> {
    return untilCounted(this.store, this.lines.requests, () => this.follower.assertAlive());
  }

  /**
   * Waits until the program has looked at everything as it is now: lines that are written now, in a log of their own,
   * are counted. The first may be found by a look that saw the other files before.
   */
  async looked(times = 2): Promise<void> {
    for (let i = 0; i < times; i++) {
      appendFileSync(this.path(MARKER), this.lines.lines(1, 'marker'));
      await this.#untilMarked();
    }
  }

  async #untilMarked(): Promise<void> {
    const markers = this.lines.requests.get('marker') ?? 0;
    await until(async () => ((await requestsIn(this.store)).get('marker') ?? 0) >= markers, {
      assertPossible: () => this.follower.assertAlive(),
    });
  }

  /** All lines count once, and looking at them again and again counts no more. */
  async expectCountedOnce(): Promise<void> {
    await this.untilCounted();
    await this.looked(4);
    await this.untilCounted();
  }

  async close(): Promise<void> {
    await this.follower.kill();
    await this.store.dispose();
    rmSync(this.parent, { recursive: true });
  }
}

/** By customer. */
export async function requestsIn(store: StoreUnderTest): Promise<Map<string, number>> {
  const rows = await store.rows(
    'select customer_id, sum(success_requests + failed_requests) as requests from daily_stats group by customer_id',
  );
  return new Map(rows.map((row) => [String(row.customer_id), Number(row.requests)]));
}

/** Waits until a store has these requests. @throws where it has more of a customer. */
async function untilCounted(
  store: StoreUnderTest,
  expected: ReadonlyMap<string, number>,
  assertPossible: () => void,
): Promise<void> {
  let said = '';
  const isCounted = async () => {
    const counted = await requestsIn(store);
    said = `${sumOf(counted)} lines are counted, of ${sumOf(expected)}`;
    for (const [customer, count] of counted) {
      const right = expected.get(customer) ?? 0;
      if (count > right) throw new Error(`${said}: ${customer} has ${count} of ${right}`);
    }
    return isSame(counted, expected);
  };
  await until(isCounted, { assertPossible, describe: () => said });
}

function isSame(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([customer, count]) => b.get(customer) === count);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
