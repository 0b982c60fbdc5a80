/**
 * `npm run test:chaos -- [--minutes 10] [--seed 1] [--store sqlite|postgres] [--kills N]`: random sequences against both
 * stores side by side, each from a seed of its own, until the time is up; or N kills of a process that follows a growing
 * log. Prints what happened; exits with 1 at the first difference, with the seed that shows it again.
 */

import { parseArgs } from 'node:util';
import { startCluster } from '../support/postgres-cluster.ts';
import { type OpenStoreUnderTest, openPostgres, openSqlite } from '../support/store-under-test.ts';
import { runKills } from './kills.ts';
import { runSequence, type Tally } from './sequence.ts';

const HAPPENINGS = 40;
/** Seeds of the stores lie apart. */
const SEEDS_A_STORE = 1_000_000;

interface Lane {
  readonly name: string;
  readonly openStore: OpenStoreUnderTest;
}

async function runLane({ name, openStore }: Lane, firstSeed: number, untilMs: number): Promise<void> {
  const total: Partial<Tally> = {};
  let sequences = 0;
  for (let seed = firstSeed; Date.now() < untilMs; seed++) {
    const tally = await runSequence({ seed, happenings: HAPPENINGS, openStore });
    sequences++;
    for (const [happening, times] of Object.entries(tally) as [keyof Tally, number][])
      total[happening] = (total[happening] ?? 0) + times;
    if (sequences % 10 === 0) console.log(`${name}: ${sequences} sequences, up to seed ${seed}`);
  }
  console.log(`${name}: ${sequences} sequences from seed ${firstSeed} on, no difference`);
  for (const [happening, times] of Object.entries(total)) console.log(`  ${happening}: ${times}`);
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string' },
    kills: { type: 'string' },
  },
});
const cluster = await startCluster();
try {
  const lanes = [
    { name: 'sqlite', openStore: openSqlite },
    { name: 'postgres', openStore: openPostgres(cluster.url) },
  ].filter(({ name }) => values.store === undefined || values.store === name);
  if (lanes.length === 0) throw new Error(`There is no store ${values.store}: sqlite or postgres.`);
  const seed = Number(values.seed);
  const untilMs = Date.now() + Number(values.minutes) * 60_000;
  if (values.kills !== undefined)
    for (const { name, openStore } of lanes)
      console.log(name, await runKills({ seed, kills: Number(values.kills), openStore }));
  else await Promise.all(lanes.map((lane, index) => runLane(lane, seed + index * SEEDS_A_STORE, untilMs)));
} finally {
  cluster.stop();
}
