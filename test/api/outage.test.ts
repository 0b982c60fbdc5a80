import { expect, test } from 'vitest';
import type { WaitsFor } from '../../src/api/routes/health.ts';
import { VersionGate } from '../../src/api/version-gate.ts';
import { DaymarkError, ERRORS } from '../../src/errors.ts';
import { FAILURE_HOLD_MS } from '../../src/limits.ts';
import { until } from '../support/until.ts';
import { emptyStore, getRaw, serve } from './support.ts';

test('the program is not ready while its reading of logs waits, and says what for and since when', async () => {
  let waiting: WaitsFor | undefined;
  const url = await serve({ store: await emptyStore(), waitsFor: () => waiting });
  expect((await getRaw(url, '/health/ready')).status).toBe(200);
  waiting = { code: 'STORE_UNWRITABLE', sinceMs: Date.UTC(2026, 10, 25) };
  const answer = await getRaw(url, '/health/ready');
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
  expect(JSON.parse(answer.body)).toEqual({
    type: 'urn:daymark:error:STORE_UNWRITABLE',
    title: ERRORS.STORE_UNWRITABLE.title,
    status: 503,
    detail: ERRORS.STORE_UNWRITABLE.advice,
    code: 'STORE_UNWRITABLE',
    waiting_since: '2026-11-25T00:00:00.000Z',
  });
  expect((await getRaw(url, '/health/live')).status).toBe(200);
  expect((await getRaw(url, '/customers/c/stats?from=2024-10-02')).status).toBe(200);
  waiting = undefined;
  expect((await getRaw(url, '/health/ready')).status).toBe(200);
});

test('all who ask while the store does not answer share one failure, and a moment later it is asked anew', async () => {
  let nowMs = 0;
  let asked = 0;
  const lost = new DaymarkError('STORE_UNREACHABLE', 'no answer');
  const answer = Promise.withResolvers<string>();
  const dataVersion = () => (asked++ === 0 ? answer.promise : Promise.resolve('1'));
  const gate = new VersionGate({ dataVersion }, () => nowMs);
  const first = gate.nextVersion();
  await until(() => asked > 0);
  const later = [gate.nextVersion(), gate.nextVersion()];
  answer.reject(lost);
  expect(await Promise.allSettled([first, ...later, gate.nextVersion()])).toEqual(
    Array(4).fill({ status: 'rejected', reason: lost }),
  );
  await expect(gate.nextVersion()).rejects.toBe(lost);
  expect(asked).toBe(1);
  nowMs += FAILURE_HOLD_MS;
  expect(await gate.nextVersion()).toBe('1');
});
