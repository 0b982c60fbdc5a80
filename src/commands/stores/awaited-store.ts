import type { StatsReader } from '../../api/stats-reader.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { undefinedIfStopped } from '../../pipeline/loop/outages.ts';
import type { Waiting } from '../../pipeline/types.ts';
import type {
  ApiKeys,
  Leases,
  LedgerQuery,
  Links,
  RejectedLinesQuery,
  SigningKeys,
  Store,
  StoreSnapshot,
  WindowQuery,
} from '../../store/contract.ts';
import { outagesOf, REPORT_OUTAGES } from '../ingesting/report-outages.ts';

/** The store of the API. Before its database is there, it throws what it waits for. */
export class AwaitedStore implements StatsReader {
  /** Resolves after the first try. Rejects if waiting would not help. */
  readonly tried: Promise<unknown>;
  /** Resolves with the store, or with undefined if the program stops first. Rejects if it will never be there. */
  readonly opened: Promise<Store | undefined>;
  readonly #closing = new AbortController();
  #store: Store | undefined;
  #waitsFor: DaymarkError | undefined;

  constructor(open: () => Promise<Store>, settings: Settings, stop: AbortSignal) {
    const waits = Promise.withResolvers<void>();
    const events = {
      ...REPORT_OUTAGES,
      waiting: (waiting: Waiting) => {
        REPORT_OUTAGES.waiting(waiting);
        this.#waitsFor = waiting.error;
        waits.resolve();
      },
    };
    const signal = AbortSignal.any([stop, this.#closing.signal]);
    const outages = outagesOf(settings, Number.POSITIVE_INFINITY, events, signal);
    this.opened = outages.retry(open).then((store) => {
      this.#store = store;
      return store;
    }, undefinedIfStopped);
    this.tried = Promise.race([this.opened, waits.promise]);
    // Both are awaited, one of them later. Until then, Node must not report a rejection.
    this.opened.catch(() => undefined);
  }

  /** Undefined until it is there. */
  get description(): string | undefined {
    return this.#store?.description;
  }

  /** The keys of the API, as far as it needs them. */
  readonly apiKeys: Pick<ApiKeys, 'find' | 'noteUses'> = {
    find: async (id) => this.#get().apiKeys.find(id),
    noteUses: async (uses) => this.#get().apiKeys.noteUses(uses),
  };

  /** What it signs sessions and links with. */
  readonly signingKeys: Pick<SigningKeys, 'list'> = {
    list: async () => this.#get().signingKeys.list(),
  };

  readonly links: Links = {
    add: async (link, bounds) => this.#get().links.add(link, bounds),
    find: async (id) => this.#get().links.find(id),
    list: async (query) => this.#get().links.list(query),
    revoke: async (id, nowMs) => this.#get().links.revoke(id, nowMs),
  };

  readonly leases: Pick<Leases, 'readers'> = {
    readers: async () => this.#get().leases.readers(),
  };

  async checkSchema(): Promise<void> {
    return this.#get().checkSchema();
  }

  async windows(query: WindowQuery) {
    return this.#get().windows(query);
  }

  async *windowPages(query: WindowQuery) {
    yield* this.#get().windowPages(query);
  }

  async readSnapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T> {
    return this.#get().readSnapshot(read);
  }

  /** Only after an answer of the store: before that nobody knows it. */
  get product(): Store['product'] {
    return this.#get().product;
  }

  async ledgerPage(query: LedgerQuery) {
    return this.#get().ledgerPage(query);
  }

  async rejectedLines(query: RejectedLinesQuery) {
    return this.#get().rejectedLines(query);
  }

  async status() {
    return this.#get().status();
  }

  async sizeBytes(): Promise<number> {
    return this.#get().sizeBytes();
  }

  async dataVersion(): Promise<string> {
    return this.#get().dataVersion();
  }

  #get(): Store {
    if (this.#store) return this.#store;
    throw this.#waitsFor ?? new DaymarkError('STORE_UNREACHABLE', 'The store is being opened.');
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const store = await this.opened.catch(() => undefined);
    await store?.close();
  }
}
