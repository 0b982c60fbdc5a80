import { KEY_USE_DELAY_MS, KEY_USE_INTERVAL_MS, MAX_KEY_USES_A_WRITE } from '../../limits.ts';
import type { ApiKey, ApiKeys } from '../../store/contract.ts';

/**
 * Notes when keys were last used: at most one write a minute for all keys together, behind the answers. A use that cannot be
 * noted, because this process may only read or another one writes, is lost, and the next one is noted.
 */
export class KeyUses {
  readonly #keys: Pick<ApiKeys, 'noteUses'>;
  readonly #pending = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #wroteMs = Number.NEGATIVE_INFINITY;

  constructor(keys: Pick<ApiKeys, 'noteUses'>) {
    this.#keys = keys;
  }

  /** @param nowMs in ms since 1970. */
  note({ id, lastUsedMs }: Pick<ApiKey, 'id' | 'lastUsedMs'>, nowMs: number): void {
    if (lastUsedMs !== null && nowMs - lastUsedMs < KEY_USE_INTERVAL_MS) return;
    if (!this.#pending.has(id) && this.#pending.size >= MAX_KEY_USES_A_WRITE) return;
    this.#pending.set(id, nowMs);
    this.#timer ??= this.#writeLater();
  }

  /** What was not written yet is lost. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #writeLater(): NodeJS.Timeout {
    const waitMs = Math.max(KEY_USE_DELAY_MS, this.#wroteMs + KEY_USE_INTERVAL_MS - performance.now());
    return setTimeout(() => void this.#write(), waitMs).unref();
  }

  async #write(): Promise<void> {
    const uses = Array.from(this.#pending, ([id, usedMs]) => ({ id, usedMs }));
    this.#pending.clear();
    this.#wroteMs = performance.now();
    await this.#keys.noteUses(uses).catch(() => undefined);
    this.#timer = this.#pending.size > 0 ? this.#writeLater() : undefined;
  }
}
