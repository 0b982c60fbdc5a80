/**
 * `npm run plan -- --lines-per-second 50000 --customers 20000 --endpoints 10 [--lines-per-message 1000] [--by-customer] [--lag-seconds 10]` prints what a
 * load needs, by the simulation of `bench/support/capacity.ts`. `docs/scaling.md` explains it.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type Costs,
  type Followed,
  type Load,
  type Plan,
  type Point,
  plan,
  predicted,
  predictedFollowing,
  storedBytes,
} from '../bench/support/capacity.ts';
import { printTable } from '../bench/support/table.ts';

const BENCH = new URL('../bench/support/', import.meta.url);
const costs = JSON.parse(readFileSync(new URL('capacity-costs.json', BENCH), 'utf8')) as Costs;

const HEADINGS = [
  ...[
    'lines a second',
    'customers',
    'readers',
    'PostgreSQL cores',
    'servers of it',
    'commits a second',
    'rows a second',
  ],
  ...['lag s', 'a year'],
];

/** One PostgreSQL, as large as it is easily had. */
const DATABASE_CORES = 16;

function cellsOf(load: Load, mostLagS: number): string[] {
  const found = plan(load, { databaseCores: DATABASE_CORES, mostLagS }, costs);
  const begin = [load.linesPerS.toLocaleString('en'), load.customers.toLocaleString('en')];
  const end = `${rounded(storedBytes(load) / 1e9)} GB`;
  return found === undefined ? [...begin, ...Array(6).fill('–'), end] : [...begin, ...ofPlan(found), end];
}

function ofPlan({ readers, databases, outcome }: Plan): string[] {
  const { databaseCores, commitsPerS, rowsPerS, lagS } = outcome;
  return [
    ...[readers.toLocaleString('en'), rounded(databaseCores), databases.toLocaleString('en')],
    ...[rounded(commitsPerS), rounded(rowsPerS), lagS.toFixed(1)],
  ];
}

/** To two digits: no more of it is true. */
function rounded(number: number): string {
  return Number(number.toPrecision(2)).toLocaleString('en');
}

function markdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The table of docs/scaling.md. */
export function workedTable(): string {
  const loads = [1e4, 1e6, 1e8].flatMap((linesPerS) =>
    [1_000, 30_000, 1_000_000].map((customers) => ({
      linesPerS,
      customers,
      endpoints: 20,
      linesPerMessage: 1_000,
      keyedByCustomer: true,
    })),
  );
  return markdown(
    HEADINGS,
    loads.map((load) => cellsOf(load, 10)),
  );
}

/** What was measured, beside what the model says. */
export function measuredTables(): string {
  const file = readFileSync(new URL('capacity-points.json', BENCH), 'utf8');
  const { day, points, followed } = JSON.parse(file) as {
    day: string;
    points: Point[];
    followed: Followed[];
  };
  const en = (numbers: readonly number[]) => numbers.map((number) => number.toLocaleString('en'));
  const s = (numbers: readonly number[]) => numbers.map((number) => number.toFixed(2));
  const read = points.map((point) => {
    const said = predicted(point, costs);
    return [
      ...en([point.customers, point.lines, point.rowsBefore, point.rowsAfter, point.commits]),
      ...s([point.readerCpuS, said.readerCpuS, point.databaseCpuS, said.databaseCpuS]),
    ];
  });
  const following = followed.map((load) => {
    const said = predictedFollowing(load, costs);
    return [
      ...en([load.linesPerS, load.customers, load.lines, load.commits]),
      ...s([load.readerCpuS, said.readerCpuS, load.databaseCpuS, said.databaseCpuS]),
    ];
  });
  const cpu = ['reader, CPU s', 'by the model', 'PostgreSQL, CPU s', 'by the model'];
  return `*Measured* with \`npm run bench:capacity\` on ${day}, on two cores that other programs kept busy. Logs of one hour, in random order, with
20 endpoints, all kinds of windows, read by one process into PostgreSQL:

${markdown(['customers', 'lines', 'rows before', 'rows after', 'commits', ...cpu], read)}

Ten seconds of a log that grows, followed by one process:

${markdown(['lines a second', 'customers', 'lines', 'commits', ...cpu], following)}`;
}

/** The costs, as a table. */
export function costsTable(): string {
  const { reader, database } = costs;
  const us = (number: number) => `${number} µs`;
  return markdown(
    ['what', 'reader', 'PostgreSQL'],
    [
      ['a line of a file, of the default format', us(costs.lineUs), '–'],
      [
        'a line of a topic, beside that',
        `${us(costs.kafkaLineUs)}, and ${us(costs.kafkaMessageUs)} a message`,
        '–',
      ],
      ['a row that a commit makes', us(reader.newRowUs), us(database.newRowUs)],
      ['a row that a commit changes', us(reader.existingRowUs), us(database.existingRowUs)],
      ['a different duration that comes to a row', us(reader.durationUs), us(database.durationUs)],
      ['one that is there in a row that changes', us(reader.storedDurationUs), us(database.storedDurationUs)],
      ['a commit', us(reader.commitUs), us(database.commitUs)],
      [
        'an answer that is kept, or from the database',
        `${us(costs.keptAnswerUs)}, ${us(costs.freshAnswerUs)} (API and database)`,
        '',
      ],
    ],
  );
}

function main(): void {
  const { values } = parseArgs({
    options: {
      'lines-per-second': { type: 'string', default: '10000' },
      customers: { type: 'string', default: '1000' },
      endpoints: { type: 'string', default: '20' },
      'lines-per-message': { type: 'string' },
      'by-customer': { type: 'boolean' },
      'lag-seconds': { type: 'string', default: '10' },
    },
  });
  const load: Load = {
    ...{ linesPerS: Number(values['lines-per-second']), customers: Number(values.customers) },
    endpoints: Number(values.endpoints),
    keyedByCustomer: values['by-customer'] === true,
    ...(values['lines-per-message'] === undefined
      ? {}
      : { linesPerMessage: Number(values['lines-per-message']) }),
  };
  printTable(HEADINGS, [cellsOf(load, Number(values['lag-seconds']))]);
}

if (import.meta.main) main();
