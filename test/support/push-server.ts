/** APIs that take pushes, with the thread that the program has, on a store of their own. */

import { type AppOptions, buildApp } from '../../src/api/app.ts';
import type { PushReceiver } from '../../src/api/push/receiver.ts';
import { INPUT_WORDS } from '../../src/commands/cli/input-words.ts';
import { PushRun } from '../../src/commands/pushing/push-run.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { Store } from '../../src/store/contract.ts';
import { SQLITE, type StorePlace } from './sqlite-place.ts';
import { until } from './until.ts';

export interface PushServer {
  readonly place: StorePlace;
  /** The store that the APIs read. */
  readonly store: Store;
  /** Stands between the APIs and the thread. While it is closed, the thread gets nothing. */
  readonly gate: Gate;
  /** Codes of what the thread reported. */
  readonly problems: readonly string[];
  /** Serves one more API with the same thread. @returns its URL. */
  serve(options?: Partial<AppOptions>): Promise<string>;
  close(): Promise<void>;
}

/** The start of the thread from its sources takes most of a second of a processor: share one where you can. */
export async function startPushServer(
  environment: Readonly<Record<string, string>> = {},
  kind = SQLITE,
): Promise<PushServer> {
  const place = await kind.createPlace();
  const store = await place.open();
  await store.migrate();
  const { location } = place;
  const where = location.kind === 'sqlite' ? { DATA_DIR: location.dataDir } : { DATABASE_URL: location.url };
  const settings = loadSettings({
    ...{ flags: {}, configFile: undefined },
    environment: { PUSH: 'on', ...where, ...environment },
  });
  const problems: string[] = [];
  const run = new PushRun(settings, {
    committed: () => undefined,
    problem: ({ code }) => problems.push(code),
  });
  const gate = new Gate(run);
  const closings: (() => Promise<void>)[] = [];
  await Promise.race([until(() => run.isReady), run.failed]);
  return {
    ...{ place, store, gate, problems },
    serve: async (options = {}) => {
      const app = await buildApp({
        ...{ maxEventLoopDelayMs: Number.POSITIVE_INFINITY, store, push: gate, words: INPUT_WORDS },
        ...options,
      });
      closings.push(() => app.close());
      return app.listen({ host: '127.0.0.1', port: 0 });
    },
    close: async () => {
      gate.open();
      for (const close of closings) await close();
      await run.stop();
      await place.dispose();
    },
  };
}

class Gate implements PushReceiver {
  readonly encodings: readonly string[];
  readonly #receiver: PushReceiver;
  #opened = Promise.withResolvers<void>();
  /** Pushes that wait at it. */
  held = 0;

  constructor(receiver: PushReceiver) {
    this.encodings = receiver.encodings;
    this.#receiver = receiver;
    this.open();
  }

  close(): void {
    this.#opened = Promise.withResolvers<void>();
  }

  open(): void {
    this.#opened.resolve();
  }

  async receive(push: Parameters<PushReceiver['receive']>[0]) {
    this.held++;
    try {
      await this.#opened.promise;
    } finally {
      this.held--;
    }
    return this.#receiver.receive(push);
  }
}
