/** Whatever order messages and requests come in, all processes together allow what one would allow. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Use } from '../../../src/api/limits/client-limit.ts';
import { LeasedLimit } from '../../../src/api/limits/leased-limit.ts';
import { OwnLimit } from '../../../src/api/limits/own-limit.ts';
import { SharedLimit } from '../../../src/api/limits/shared-limit.ts';
import { MAX_LIMITED_CLIENTS } from '../../../src/limits.ts';
import { eventually } from '../../support/eventually.ts';
import { checkAsync } from '../../support/property.ts';

const WINDOW_MS = 60_000;

/** Processes that share a limit. Messages wait until they are delivered, each channel in its order. */
class Cluster {
  readonly clock = { ms: 1 };
  readonly uses: Use[] = [];
  asked = 0;
  messages = 0;
  readonly #channels: (() => void)[][];
  readonly #leased: LeasedLimit[];
  readonly shared: SharedLimit;

  constructor(max: number, processes: number) {
    const now = () => this.clock.ms;
    this.#channels = Array.from({ length: 2 * processes }, () => []);
    this.shared = new SharedLimit(
      { max, windowMs: WINDOW_MS },
      processes,
      (process, message) => this.#channels[2 * process]?.push(() => this.#leased[process]?.receive(message)),
      now,
    );
    this.#leased = Array.from(
      { length: processes },
      (_, process) =>
        new LeasedLimit((message) => {
          this.messages++;
          this.#channels[2 * process + 1]?.push(() => this.shared.receive(process, message));
        }, now),
    );
  }

  ask(process: number, client = 'one'): void {
    this.asked++;
    const use = this.#leased[process]?.use(client);
    if (use instanceof Promise) void use.then((known) => this.uses.push(known));
    else if (use) this.uses.push(use);
  }

  /** @returns false where the channel is empty. */
  deliver(channel: number): boolean {
    const message = this.#channels[channel]?.shift();
    message?.();
    return message !== undefined;
  }

  async deliverAll(): Promise<void> {
    while (this.#channels.some((_, channel) => this.deliver(channel)));
    await Promise.resolve();
  }

  get allowed(): number {
    return this.uses.filter(({ isAllowed }) => isAllowed).length;
  }
}

describe('a limit of several processes', () => {
  test('allows exactly what it says, in whatever order messages come', async () => {
    await checkAsync(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.record({ process: fc.nat(3), channel: fc.nat(7), burst: fc.nat(6) }), { maxLength: 60 }),
        async (max, processes, steps) => {
          const cluster = new Cluster(max, processes);
          for (const { process, channel, burst } of steps) {
            for (let i = 0; i < burst; i++) cluster.ask(process % processes);
            cluster.deliver(channel % (2 * processes));
            await Promise.resolve();
            expect(cluster.allowed).toBeLessThanOrEqual(max);
          }
          await cluster.deliverAll();
          expect([cluster.uses.length, cluster.allowed]).toEqual([
            cluster.asked,
            Math.min(max, cluster.asked),
          ]);
        },
      ),
      500,
    );
  });

  test('gives all of it to a client that reaches one process, after another one had a part', async () => {
    const cluster = new Cluster(100, 2);
    cluster.ask(0);
    await cluster.deliverAll();
    for (let i = 0; i < 120; i++) {
      cluster.ask(1);
      await cluster.deliverAll();
    }
    expect(cluster.allowed).toBe(100);
    expect(cluster.uses.at(-1)).toEqual({ isAllowed: false, left: 0, waitMs: WINDOW_MS });
  });

  test('is asked about seldom, and not at all by who used it up', async () => {
    const cluster = new Cluster(6_000, 2);
    for (let i = 0; i < 10_000; i++) {
      cluster.ask(i % 2);
      await cluster.deliverAll();
    }
    expect(cluster.allowed).toBe(6_000);
    expect(cluster.messages).toBeLessThan(120);
  });

  test('begins anew with each window, and clients do not share it', async () => {
    const cluster = new Cluster(2, 2);
    for (let window = 0; window < 3; window++) {
      for (const client of ['one', 'two'])
        for (const process of [0, 1, 0, 1]) {
          cluster.ask(process, client);
          await cluster.deliverAll();
        }
      expect(cluster.allowed).toBe(4 * (window + 1));
      cluster.clock.ms += WINDOW_MS;
    }
  });

  test('counts as used what a process had when it ended, and refuses nobody for longer than that', async () => {
    const cluster = new Cluster(40, 2);
    cluster.ask(0);
    await cluster.deliverAll();
    cluster.shared.forget(0);
    for (let i = 0; i < 60; i++) {
      cluster.ask(1);
      await cluster.deliverAll();
    }
    // The first process had got a quarter.
    expect(cluster.allowed).toBe(1 + 30);
  });

  test('is decided without a process that does not answer', async () => {
    const cluster = new Cluster(4, 2);
    cluster.ask(0);
    for (const channel of [1, 0]) cluster.deliver(channel);
    for (let i = 0; i < 6; i++) {
      cluster.ask(1);
      for (const channel of [3, 2, 3, 2]) cluster.deliver(channel);
    }
    await eventually(async () => {
      while (cluster.deliver(3) || cluster.deliver(2));
      return cluster.uses.length;
    }).toBe(7);
    expect(cluster.allowed).toBe(4);
  });
});

test('a limit of one process is bounded in clients', () => {
  const limit = new OwnLimit({ max: 1, windowMs: WINDOW_MS }, () => 0);
  for (let i = 0; i <= MAX_LIMITED_CLIENTS; i++) limit.use(String(i));
  expect([limit.waitMs('0'), limit.waitMs('1')]).toEqual([0, WINDOW_MS]);
});
