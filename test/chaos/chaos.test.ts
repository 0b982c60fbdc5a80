import { describe, expect, inject, it } from 'vitest';
import { openPostgres, openSqlite } from '../support/store-under-test.ts';
import { runKills } from './kills.ts';
import { runSequence } from './sequence.ts';

const SEED = Number(process.env.TEST_SEED ?? 1);
const SEQUENCES = 2;
const HAPPENINGS = 30;

describe.concurrent.each([
  ['SQLite', () => openSqlite()],
  ['PostgreSQL', () => openPostgres(inject('postgresUrl'))()],
])('Whatever happens to logs, process and %s', (_, openStore) => {
  it.each(Array.from({ length: SEQUENCES }, (_, i) => SEED + i))(
    'each line counts once (seed %i)',
    async (seed) => {
      const tally = await runSequence({ seed, happenings: HAPPENINGS, openStore });
      expect(tally.write).toBeGreaterThan(0);
    },
  );

  it(`each line counts once though the process is killed again and again (seed ${SEED})`, async () => {
    expect(await runKills({ seed: SEED, kills: 6, openStore })).toMatchObject({ kills: 6 });
  });
});
