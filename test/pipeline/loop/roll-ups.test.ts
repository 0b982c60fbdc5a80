import { expect, onTestFinished, test } from 'vitest';
import { LEAST_ROLLED_UP_CUSTOMERS } from '../../../src/limits.ts';
import { RollUpTurns } from '../../../src/pipeline/loop/roll-ups.ts';
import { UTC } from '../../../src/window/zone.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../../support/batches.ts';
import { patientOutages } from '../../support/outages.ts';
import { SQLITE } from '../../support/sqlite-place.ts';

const { signal } = new AbortController();
const [FIRST, LAST] = ['2024-09-01', '2024-10-20'];

test.each([
  ['none with few customers', LEAST_ROLLED_UP_CUSTOMERS - 1, 0, 0],
  ['with many, one while it follows, and the last days when it ends', LEAST_ROLLED_UP_CUSTOMERS, 1, 8],
])('a run builds roll-ups: %s', async (_, customers, whileFollowing, atTheEnd) => {
  const place = await SQLITE.createPlace();
  onTestFinished(() => place.dispose());
  const store = await place.open();
  await store.migrate();
  const ids = Array.from({ length: customers }, (_, i) => `customer ${i}`);
  await store.addPartitions(() => adding('log'));
  const advance = {
    ...advanceOf('log', 0, 1),
    ...{ firstEventMs: Date.parse(FIRST), lastEventMs: Date.parse(LAST) },
  };
  const deltas = deltasOf([...ids.map((id) => requestOf(id, FIRST)), requestOf(ids[0], LAST)]);
  await store.commit({ timeZone: 'UTC', advances: [advance], deltas });
  const turns = new RollUpTurns({
    ...{ store, settings: { dayZone: UTC }, outages: patientOutages(signal), signal },
    ...{ now: () => 0, systemTimeMs: () => Date.parse('2025-01-01') },
  });
  const built = async () => (await place.query('select period from roll_ups where is_ready = 1')).length;
  await turns.buildOneIfDue();
  expect(await built()).toBe(whileFollowing);
  await turns.buildAll();
  expect(await built()).toBe(atTheEnd);
});
