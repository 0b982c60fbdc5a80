import { expect, it } from 'vitest';
import { tableOf } from './flatness.ts';
import { runSoak } from './soak.ts';

const SEED = Number(process.env.TEST_SEED ?? 1);

it('A short day in the life has the right rows and the right answers on both stores', async () => {
  const { lanes, moments, ...counts } = await runSoak({
    ...{ seed: SEED, seconds: 5, stores: ['postgres', 'sqlite'] },
    ...{ linesPerSecond: 400, requestsPerSecond: 30, rateLimitPerMinute: 100 },
    ...{ keys: { admins: 1, customers: 2 }, outageMs: [200, 200] },
    secondsBetween: {
      ...{ samples: 1, rotations: 0.5, keyChanges: 2, slowClients: 0.5 },
      ...{ greedyClients: 1.5, restarts: 3.5 },
    },
  });
  expect(counts).toMatchObject({ rotations: 10, restarts: 1 });
  for (const { name, tally, faults, outageAnswers, keysRevoked, slowClients } of lanes) {
    expect([name, faults]).toEqual([name, []]);
    expect(tally.get('customer key: customer, own: 200')).toBeGreaterThan(0);
    expect(slowClients).toBeGreaterThan(0);
    expect(keysRevoked).toBe(2);
    expect([name, outageAnswers > 0]).toEqual([name, name === 'PostgreSQL']);
  }
  for (const subject of [
    'ingest, PostgreSQL',
    'serve, PostgreSQL',
    'API, PostgreSQL',
    'up, SQLite',
    'API, SQLite',
  ])
    expect(tableOf(moments)).toContain(`| ${subject} |`);
});
