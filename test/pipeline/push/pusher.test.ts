/** Several processes that take pushes of one client, on one database. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { PushRun } from '../../../src/commands/pushing/push-run.ts';
import { loadSettings } from '../../../src/config/load.ts';
import { MAX_PUSH_PARTITIONS } from '../../../src/limits.ts';
import { byWindow } from '../../support/oracle.ts';
import { linesOf, linesPush, send } from '../../support/push-client.ts';
import { type PushServer, startPushServer } from '../../support/push-server.ts';
import { randomRequests } from '../../support/random-log.ts';
import { daysOfCustomers, ledger, windowRows } from '../../support/rows.ts';
import { POSTGRES } from '../../support/stores.ts';

const PUSHES = 60;
const LINES = 20;

let server: PushServer;
let other: PushServer;

beforeAll(async () => {
  server = await startPushServer({}, POSTGRES);
  other = await startPushServer(
    {},
    { name: 'the same', createPlace: async () => ({ ...server.place, dispose: async () => undefined }) },
  );
});
afterAll(async () => {
  await other.close();
  await server.close();
});

test('each push counts once, whoever takes it and however often, in a bounded number of partitions', async () => {
  const urls = [await server.serve(), await other.serve()];
  const requests = randomRequests(PUSHES * LINES, 5, { customers: 10, hoursADay: 1 });
  const pushes = Array.from({ length: PUSHES }, (_, i) =>
    linesPush(linesOf(requests.slice(i * LINES, (i + 1) * LINES)), `push-${i}`),
  );
  // While one process has a push of a client, the other one has another, and then each gets that of the other.
  for (let i = 0; i < PUSHES; i += 2) {
    const pair = pushes.slice(i, i + 2);
    const sendBoth = (order: readonly string[]) =>
      Promise.all(pair.map((push, place) => send(order[place] ?? '', push)));
    const answers = [await sendBoth(urls), await sendBoth(urls.toReversed())];
    for (const [place] of pair.entries()) {
      const [first, second] = answers.map((both) => both[place]);
      expect([first?.status, second?.status]).toEqual([200, 200]);
      expect(second?.body).toEqual(first?.body);
      expect(first?.headers.get('idempotency-replayed')).toBeNull();
      expect(second?.headers.get('idempotency-replayed')).toBe('true');
    }
  }
  expect(await ledger(server.place)).toMatchObject({ lines: requests.length, accepted: requests.length });
  await windowRows(server.place);
  const counts = (await daysOfCustomers(server.place)).map((row) => [
    `${row.customer_id} ${row.date}`,
    Number(row.success_requests) + Number(row.failed_requests),
  ]);
  const expected = [...byWindow(requests)].map(([key, own]) => [key, own.length]);
  expect(new Map(counts as [string, number][])).toEqual(new Map(expected as [string, number][]));
  const partitions = await server.store.ledger();
  expect(partitions.length).toBeLessThanOrEqual(MAX_PUSH_PARTITIONS);
});

test('a user who may only read ends it at once, and says why', async () => {
  const role = `reader_${Math.random().toString(36).slice(2)}`;
  const { place } = server;
  if (place.location.kind !== 'postgres') throw new Error('no PostgreSQL');
  await place.query(`create role ${role} login password 'p'`);
  await place.query(`grant select on all tables in schema public to ${role}`);
  const url = new URL(place.location.url);
  url.username = role;
  url.password = 'p';
  try {
    const settings = loadSettings({
      ...{ flags: {}, configFile: undefined },
      environment: { PUSH: 'on', DATABASE_URL: url.href },
    });
    const run = new PushRun(settings, { committed: () => undefined, problem: () => undefined });
    await expect(run.failed).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining('PUSH is on, but this user may not write to the database.'),
    });
    await run.stop();
  } finally {
    await place.query(`drop owned by ${role}`);
    await place.query(`drop role ${role}`);
  }
});
