/** Programs with one store, of which each has a view of the logs that is older or younger than the others', as on NFS. */

import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, inject, it } from 'vitest';
import { withView } from '../support/cli.ts';
import { FollowedLogs, requestsIn } from '../support/followed-logs.ts';
import { Follower } from '../support/follower.ts';
import { openPostgres, openSqlite } from '../support/store-under-test.ts';
import { until } from '../support/until.ts';

let logs: FollowedLogs;
let others: Follower[] = [];

afterEach(async () => {
  for (const other of others) await other.kill();
  others = [];
  await logs.close();
});

/** A second view of the logs, which changes only when it is told to, and a program that follows it. */
class LaggingView {
  readonly directory: string;
  readonly #follower: Follower;
  #marks = 0;

  /** @param isAtSamePath true: its program sees it under the path of the logs. */
  constructor(name: string, isAtSamePath: boolean) {
    this.directory = join(logs.parent, name);
    mkdirSync(this.directory);
    const within = isAtSamePath ? withView(logs.directory, this.directory) : [];
    const directory = isAtSamePath ? logs.directory : this.directory;
    this.#follower = new Follower({ directory, env: logs.env, isUp: false, within: within ?? [] });
    others.push(this.#follower);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Follows, and looks at what is there now. */
  async follow(): Promise<void> {
    this.#follower.start();
    await this.looked();
  }

  /** Waits until its program has looked at everything as it is now. */
  async looked(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      const customer = `view_${this.directory.split('/').pop()}`;
      appendFileSync(this.path('view.log'), logs.lines.lines(1, customer));
      const marks = ++this.#marks;
      await until(async () => ((await requestsIn(logs.store)).get(customer) ?? 0) >= marks);
    }
  }

  /** Sees a log as it was when it had so many bytes. */
  see(name: string, bytes: Uint8Array): void {
    writeFileSync(this.path(name), bytes);
  }
}

const mayMount = withView(tmpdir(), tmpdir()) !== undefined;

const STORES = [
  { name: 'SQLite', openStore: () => openSqlite() },
  { name: 'PostgreSQL', openStore: () => openPostgres(inject('postgresUrl'))() },
];

const PLACES = [
  { place: 'a path of its own', isAtSamePath: false },
  { place: 'the same path', isAtSamePath: true },
];

describe.each(STORES.flatMap((store) => PLACES.map((place) => ({ ...store, ...place }))))(
  'two followers with one store in $name, each with a view at $place,',
  ({ openStore, isAtSamePath }) => {
    beforeEach((context) => context.skip(isAtSamePath && !mayMount, 'it may not mount here'));

    /** Starts both. @param fill makes the log that the view sees; without it, the view has none. */
    async function followBoth(fill: (path: string) => void = () => undefined): Promise<LaggingView> {
      logs = await FollowedLogs.open({ store: await openStore() });
      const view = new LaggingView('late', isAtSamePath);
      logs.write('app.log', 1_000);
      fill(view.path('app.log'));
      await logs.follow();
      await view.follow();
      return view;
    }

    it('count each line once where one sees a growing log later than the other', async () => {
      const view = await followBoth((path) => copyFileSync(logs.path('app.log'), path));
      for (let round = 0; round < 4; round++) {
        const before = readFileSync(logs.path('app.log'));
        logs.write('app.log', 500);
        await logs.looked(1);
        view.see('app.log', before);
        await view.looked();
      }
      view.see('app.log', readFileSync(logs.path('app.log')));
      await view.looked();
      await logs.expectCountedOnce();
    });

    it('count each line once where now one is ahead and now the other', async () => {
      const view = await followBoth();
      let whole = readFileSync(logs.path('app.log'));
      for (let round = 0; round < 4; round++) {
        whole = Buffer.concat([whole, Buffer.from(logs.lines.lines(300))]);
        const [first, second] = round % 2 === 0 ? [view, logs] : [logs, view];
        appendFileSync(first.path('app.log'), whole.subarray(sizeOf(first.path('app.log'))));
        await first.looked();
        await second.looked();
        appendFileSync(second.path('app.log'), whole.subarray(sizeOf(second.path('app.log'))));
        await second.looked();
      }
      await logs.expectCountedOnce();
    });

    it('count each line once where one sees a rotation, and the new log, later than the other', async () => {
      const view = await followBoth((path) => copyFileSync(logs.path('app.log'), path));
      for (let round = 0; round < 3; round++) {
        logs.write('app.log', 100);
        renameSync(logs.path('app.log'), logs.path('app.log.1'));
        logs.write('app.log', 400);
        await logs.looked();
        await view.looked();
        rmSync(view.path('app.log.1'), { force: true });
        copyFileSync(logs.path('app.log.1'), view.path('app.log.1'));
        await view.looked();
        const present = readFileSync(logs.path('app.log'));
        for (const share of [0.3, 0.6, 1]) {
          view.see('app.log', present.subarray(0, Math.ceil(present.length * share)));
          await view.looked();
        }
      }
      await logs.expectCountedOnce();
    });
  },
);

function sizeOf(path: string): number {
  try {
    return readFileSync(path).length;
  } catch {
    return 0;
  }
}
