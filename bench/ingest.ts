/**
 * How fast daymark reads logs (from the file to the commit), compared with other programs on the same files, and whether
 * they agree: `npm run bench:ingest [-- --only default|kinds|kinds-random|workers|combined|json|gzip --lines 5000000
 * --rounds 5]`.
 * You may give `--only` several times. Without `--lines`, each table has its own number of lines.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { compare } from './support/comparison.ts';
import { COMPARISONS } from './support/comparisons.ts';
import { findTools } from './support/tools.ts';

type Name = keyof typeof COMPARISONS;
const names = Object.keys(COMPARISONS) as Name[];

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: names },
    lines: { type: 'string' },
    rounds: { type: 'string', default: '3' },
  },
});
const unknown = values.only.filter((name) => !names.some((known) => known === name));
if (unknown.length > 0)
  throw new Error(`There is no table ${unknown.join(', ')}. The tables are ${names.join(', ')}.`);

// Name missing tools now, not after minutes of work.
findTools('mawk', 'sort', 'wc', 'zcat', 'time', 'taskset');
if (values.only.includes('combined')) findTools('goaccess');
console.log(`load average before: ${loadavg()[0]!.toFixed(2)}`);
const lines = values.lines === undefined ? undefined : Number(values.lines);
for (const name of names.filter((known) => values.only.includes(known))) {
  await compare(await COMPARISONS[name](lines), Number(values.rounds));
}
