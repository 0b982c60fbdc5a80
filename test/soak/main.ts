/**
 * `npm run test:soak -- [--minutes 60] [--seed 1] [--store sqlite|postgres]`: a day in the life of daymark, with both stores side
 * by side unless one is named. Prints a table of what was sampled, and what was not flat; exits with 1 where anything was not,
 * or anything was wrong.
 */

import { parseArgs } from 'node:util';
import { type Moment, tableOf, verdictOf } from './flatness.ts';
import type { LaneResult } from './lane.ts';
import { runSoak, type SoakResult, type StoreName } from './soak.ts';

const STORES: readonly StoreName[] = ['postgres', 'sqlite'];

/** An API that is as slow as that to come back may as well be restarted by its supervisor. */
const MAX_RECOVERY_MS = 30_000;
/** Where other programs keep the processors, the API may say so for a moment. */
const MAX_OVERLOADED_SHARE = 0.01;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string' },
  },
});
const stores = STORES.filter((name) => values.store === undefined || values.store === name);
if (stores.length === 0) throw new Error(`There is no store ${values.store}: sqlite or postgres.`);

const moments: Moment[] = [];
const result = await runSoak({
  ...{ seed: Number(values.seed), seconds: Number(values.minutes) * 60, stores },
  ...{ linesPerSecond: 2_000, requestsPerSecond: 50, rateLimitPerMinute: 600 },
  ...{ keys: { admins: 4, customers: 24 }, outageMs: [3_000, 5_000] },
  secondsBetween: {
    ...{ samples: 10, rotations: 15, keyChanges: 20, slowClients: 3, greedyClients: 61 },
    restarts: Math.min(420, Number(values.minutes) * 20),
  },
  onMoment: (moment) => {
    moments.push(moment);
    print(moment);
  },
}).finally(() => console.log(`\n${tableOf(moments)}\n`));
for (const lane of result.lanes) printLane(lane);
const { lines, rotations, restarts, recoveryMs } = result;
console.log(`${lines} lines, ${rotations} rotations, ${restarts} restarts of the database`);
console.log(`well again after the start of the server, in ms: ${recoveryMs.map(Math.round).join(', ')}`);
const wrong = wrongIn(result);
for (const words of verdictOf(moments).unjudged)
  console.log(`NOT JUDGED, because other programs had the processors: ${words}`);
for (const words of wrong) console.log(`WRONG: ${words}`);
if (wrong.length === 0) console.log('every row is right, every answer was right, and everything was flat');
else process.exitCode = 1;

function print({ progress, isInPeace, samples }: Moment): void {
  const shown = samples.map(
    ({ subject, measure, value }) => `${subject} ${measure} ${Math.round(value * 10) / 10}`,
  );
  const percent = `${Math.round(progress * 1000) / 10} %`;
  console.log(`${new Date().toISOString()} ${percent}${isInPeace ? '' : ' (outage)'}: ${shown.join('; ')}`);
}

function printLane({ tally, faults, ...counts }: LaneResult): void {
  console.log(counts);
  for (const [what, times] of [...tally].sort()) console.log(`  ${what}: ${times}`);
  for (const fault of faults) console.log(`  FAULT ${fault}`);
}

function wrongIn({ lanes, recoveryMs }: SoakResult): string[] {
  const isRefused = ({ tally }: LaneResult) =>
    [...tally.keys()].some((key) => /^greedy key.*: 429$/.test(key));
  const slow = recoveryMs.filter((ms) => ms > MAX_RECOVERY_MS);
  return [
    ...verdictOf(moments).uneven.map((words) => `not flat: ${words}`),
    ...lanes
      .filter(({ faultCount }) => faultCount > 0)
      .map((lane) => `${lane.name}: ${lane.faultCount} wrong answers`),
    ...lanes
      .filter((lane) => !isRefused(lane))
      .map(({ name }) => `${name}: the greedy client was never refused`),
    ...lanes
      .filter(({ overloaded, answers }) => overloaded > answers * MAX_OVERLOADED_SHARE)
      .map(({ name, overloaded }) => `${name}: ${overloaded} answers said that the API is overloaded`),
    ...slow.map((ms) => `it took ${Math.round(ms)} ms to recover`),
  ];
}
