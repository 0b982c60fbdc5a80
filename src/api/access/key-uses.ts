import { DaymarkError } from '../../errors.ts';
import {
  KEY_USE_DELAY_MS,
  KEY_USE_INTERVAL_MS,
  KEY_USE_RETRY_MS,
  MAX_CACHED_KEYS,
  MAX_KEY_USES_A_WRITE,
} from '../../limits.ts';
import type { ApiKey, ApiKeys } from '../../store/contract.ts';

/**
 * Notes when keys were last used, behind the answers: once an hour for all keys together, because each write changes the data
 * version, and answers that were kept are made anew. A use that cannot be noted, because another process writes, is tried again a
 * minute later; one that the database forbids, an hour later.
 */
export class KeyUses {
  readonly #keys: Pick<ApiKeys, 'noteUses'>;
  /** By id, those first that wait longest. */
  readonly #pending = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #mayWriteMs = Number.NEGATIVE_INFINITY;

  constructor(keys: Pick<ApiKeys, 'noteUses'>) {
    this.#keys = keys;
  }

  /** @param nowMs in ms since 1970. */
  note({ id, lastUsedMs }: Pick<ApiKey, 'id' | 'lastUsedMs'>, nowMs: number): void {
    if (lastUsedMs !== null && nowMs - lastUsedMs < KEY_USE_INTERVAL_MS) return;
    if (!this.#pending.has(id) && this.#pending.size >= MAX_CACHED_KEYS) return;
    this.#pending.set(id, nowMs);
    this.#timer ??= this.#writeLater();
  }

  /** What was not written yet is lost. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #writeLater(): NodeJS.Timeout {
    const waitMs = Math.max(KEY_USE_DELAY_MS, this.#mayWriteMs - performance.now());
    return setTimeout(() => void this.#write(), waitMs).unref();
  }

  async #write(): Promise<void> {
    this.#mayWriteMs = performance.now() + KEY_USE_INTERVAL_MS;
    try {
      await this.#writeAll();
    } catch (error) {
      // A user that may only read stays one. Each try of it is an error in the log of PostgreSQL.
      const isForbidden = error instanceof DaymarkError && error.code === 'STORE_REFUSED';
      if (!isForbidden) this.#mayWriteMs = performance.now() + KEY_USE_RETRY_MS;
    }
    this.#timer = this.#pending.size > 0 ? this.#writeLater() : undefined;
  }

  async #writeAll(): Promise<void> {
    const uses = Array.from(this.#pending, ([id, usedMs]) => ({ id, usedMs }));
    for (let at = 0; at < uses.length; at += MAX_KEY_USES_A_WRITE) {
      const some = uses.slice(at, at + MAX_KEY_USES_A_WRITE);
      await this.#keys.noteUses(some);
      // A key that was used meanwhile is noted the next time.
      for (const { id, usedMs } of some) if (this.#pending.get(id) === usedMs) this.#pending.delete(id);
    }
  }
}
