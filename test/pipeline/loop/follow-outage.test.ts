/** A pipeline that follows a log while its store fails in a way that passes by itself. */

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DaymarkError } from '../../../src/errors.ts';
import type { Store } from '../../../src/store/contract.ts';
import { ledger } from '../../support/rows.ts';
import { follow } from '../../support/steps.ts';
import { STORE_KINDS } from '../../support/stores.ts';

const AWAY = new DaymarkError('STORE_UNREACHABLE', 'away');

describe.each(STORE_KINDS)('with $name', (kind) => {
  /** A follower that has read a log, and found twice that nothing is left. @param fail the store's next so many answers. */
  async function following() {
    const directory = mkdtempSync(join(tmpdir(), 'daymark-outage-'));
    const place = await kind.createPlace();
    const store = await place.open();
    await store.migrate();
    let failures = 0;
    const flaky = new Proxy(store, {
      get: (target, name) => {
        const value = target[name as keyof Store];
        if (typeof value !== 'function') return value;
        return (...parameters: never[]) => {
          if (failures > 0) {
            failures--;
            return Promise.reject(AWAY);
          }
          return (value as (...all: never[]) => unknown).apply(target, parameters);
        };
      },
    });
    const log = join(directory, 'api.log');
    writeFileSync(log, LINE);
    const follower = follow({ paths: [log], store: flaky, nowMs: () => 0 });
    onTestFinished(async () => {
      await follower.stop();
      await place.dispose();
      rmSync(directory, { recursive: true });
    });
    for (let look = 0; look < 3; look++) await follower.step();
    const fail = (times: number) => {
      failures = times;
    };
    return { ...follower, log, fail, lines: async () => (await ledger(place)).lines };
  }

  test.each([1, 2, 7])(
    'a line that came is read by the try that succeeds, after %i that failed',
    async (times) => {
      const { step, log, fail, lines } = await following();
      appendFileSync(log, LINE);
      fail(times);
      await step();
      expect(await lines()).toBe(2);
    },
  );
});

const LINE = '2024-10-02 05:10:46 cust_1 /api/v1/resource1 200 0.316\n';
