/**
 * DuckDB with one thread computes the days of all customers, and keeps them in a table in memory: `node duckdb-sampled.ts FILE STEP
 * COUNT`. It prints the sums of all, and the rows of the customers `cust_1`, `cust_1+STEP` …: to print millions would take longer.
 * The query is that of `duckdb.ts`.
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [path, step, count] = process.argv.slice(2) as [string, string, string];
const file = `'${path.replaceAll("'", "''")}'`;
const sample = Array.from({ length: Number(count) }, (_, i) => `'cust_${1 + i * Number(step)}'`);

const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
await connection.run(`
  create table days as
  select c, d::varchar as k,
    count(*) filter (s between 200 and 299) as success,
    count(*) filter (s not between 200 and 299) as failed,
    avg(t) as mean,
    100 * coalesce(sum(t) filter (s between 200 and 299), 0) / sum(t) as uptime,
    quantile_disc(t, [0.5, 0.99]) as percentiles
  from read_csv(${file}, delim = ' ', header = false, columns =
    {'d': 'DATE', 'tm': 'VARCHAR', 'c': 'VARCHAR', 'p': 'VARCHAR', 's': 'SMALLINT', 't': 'DECIMAL(9,6)'})
  group by all`);
const totals = await connection.runAndReadAll(
  'select count(*)::double, count(distinct c)::double, sum(success + failed)::double from days',
);
process.stdout.write(`${totals.getRows()[0]?.join('\t')}\n`);
const rows = await connection.runAndReadAll(
  `select c, k, success, failed, mean, uptime, percentiles[1]::double, percentiles[2]::double
   from days where c in (${sample.join(',')}) order by all`,
);
for (const row of rows.getRows()) process.stdout.write(`${row.join('\t')}\n`);
