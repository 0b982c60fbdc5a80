/** Shows days, weeks, months and summaries of a customer to people. */

import { NUMBER_FIELDS, type RangeSummary, SPAN_FIELDS, type SpanRow } from '../../api/range-statistics.ts';
import { counted, grouped } from '../../counted.ts';
import { type Quality, STATUS_CLASSES, type Summary } from '../../statistics/summary.ts';
import { type Column, fittingTable } from './fitting-table.ts';
import { table } from './report.ts';

type Number = keyof Summary;

/** The columns of CSV. */
export function spanColumns(hasNames: boolean): readonly string[] {
  return hasNames ? SPAN_FIELDS : SPAN_FIELDS.filter((field) => field !== 'customer_name');
}

const HOUR: readonly Column<SpanRow>[] = [{ header: 'hour', rank: 0, cell: ({ span }) => span }];
const FROM_TO: readonly Column<SpanRow>[] = [
  { header: 'from', rank: 0, cell: ({ from }) => from },
  { header: 'to', rank: 3, cell: ({ to }) => to },
];

/** @param width of the terminal. */
export function spansTable(rows: readonly SpanRow[], width: number): string {
  const most = rows.reduce((max, { requests }) => Math.max(max, requests), 1);
  const hasHours = rows.some(({ span }) => span.includes('T'));
  const hasDigits = rows.some(({ duration_precision: digits }) => digits !== null);
  const number = (header: string, name: Number, rank: number): Column<SpanRow> => ({
    ...{ header, rank },
    cell: (row) => inWords(name, row[name]),
  });
  const columns: Column<SpanRow>[] = [
    ...(hasHours ? HOUR : FROM_TO),
    number('requests', 'requests', 0),
    number('failed', 'failed_requests', 4),
    number('errors', 'error_requests', 2),
    number('availability %', 'availability_percentage', 0),
    number('mean s', 'duration_mean', 7),
    number('p50 s', 'duration_p50', 1),
    number('p90 s', 'duration_p90', 8),
    number('p95 s', 'duration_p95', 6),
    number('p99 s', 'duration_p99', 0),
    number('max s', 'duration_max', 9),
    { header: 'state', rank: 5, cell: ({ state }) => state },
    ...(hasDigits ? [number('digits', 'duration_precision', 0)] : []),
    {
      header: '',
      rank: 10,
      cell: ({ requests }) => '█'.repeat(Math.ceil((10 * requests) / most)).padEnd(10),
    },
  ];
  return fittingTable(rows, columns, width);
}

/** The rows of a summary in CSV: the range, and the preceding one. */
export const SUMMARY_COLUMNS: readonly string[] = ['customer_id', 'range', 'from', 'to', ...NUMBER_FIELDS];

export function summaryRows(summary: RangeSummary): object[] {
  const { customer_id, preceding } = summary;
  const before = preceding ? [{ customer_id, range: 'preceding', ...preceding }] : [];
  return [{ ...summary, range: 'asked' }, ...before];
}

const LABELS: readonly (readonly [name: Exclude<Number, 'duration_precision'>, label: string])[] = [
  ['requests', 'requests'],
  ['success_requests', 'success'],
  ['failed_requests', 'failed'],
  ['error_requests', 'errors'],
  ['counted_requests', 'counted'],
  ['availability_percentage', 'availability %'],
  ['success_percentage', 'success %'],
  ['uptime_percentage', 'uptime %'],
  ['duration_mean', 'mean s'],
  ['duration_min', 'min s'],
  ['duration_p50', 'p50 s'],
  ['duration_p90', 'p90 s'],
  ['duration_p95', 'p95 s'],
  ['duration_p99', 'p99 s'],
  ['duration_p999', 'p99.9 s'],
  ['duration_max', 'max s'],
];

export function summaryText(summary: RangeSummary): string {
  const { from, to, preceding, change, everyone, state, duration_precision: digits } = summary;
  const before = preceding ? `, beside ${preceding.from} to ${preceding.to}` : '';
  const numbers = LABELS.map(([name, label]) => [
    label,
    inWords(name, summary[name]),
    inWords(name, preceding?.[name] ?? null),
    signed(name, change?.[name] ?? null),
    ...(everyone ? [inWords(name, (everyone as Partial<Summary>)[name] ?? null)] : []),
  ]);
  const shares = summary.shares_under.map(({ seconds, percentage }, i) => {
    const earlier = preceding?.shares_under[i].percentage ?? null;
    const difference = percentage === null || earlier === null ? null : percentage - earlier;
    return [
      `under ${seconds} s %`,
      inWords('availability_percentage', percentage),
      inWords('availability_percentage', earlier),
      signed('availability_percentage', difference),
      ...(everyone ? [inWords('availability_percentage', everyone.shares_under[i].percentage)] : []),
    ];
  });
  return [
    `${from} to ${to}${before}`,
    '',
    table([['', 'range', 'before', 'change', ...(everyone ? ['everyone'] : [])], ...numbers, ...shares]),
    '',
    ...statusLines(summary),
    ...spanLine('best day', summary.best_day?.date, summary.best_day),
    ...spanLine('worst day', summary.worst_day?.date, summary.worst_day),
    ...spanLine('best hour', summary.best_hour?.hour, summary.best_hour),
    ...spanLine('worst hour', summary.worst_hour?.hour, summary.worst_hour),
    `days        ${counted(summary.days_with_requests, 'day')} with requests; state: ${state}`,
    ...(digits === null ? [] : [`digits      durations are exact to ${digits} digits`]),
  ].join('\n');
}

function statusLines({ statuses, status_classes: classes, requests }: RangeSummary): string[] {
  if (requests === 0) return [];
  const ofClass = STATUS_CLASSES.filter((name) => classes[name] > 0);
  const named = ofClass.map((name) => `${name.replace('_', ' ')}: ${grouped(classes[name])}`);
  const each = statuses.map(({ status, requests: own }) => `${status}: ${grouped(own)}`);
  return [`classes     ${named.join(', ')}`, `statuses    ${each.join(', ')}`];
}

function spanLine(
  label: string,
  span: string | undefined,
  quality: (Quality & Pick<Summary, 'requests'>) | null,
): string[] {
  if (!quality) return [];
  const availability = `availability ${inWords('availability_percentage', quality.availability_percentage)} %`;
  const p99 = quality.duration_p99 === null ? '' : `, p99 ${quality.duration_p99} s`;
  return [`${label.padEnd(12)}${span}: ${availability}${p99}, ${counted(quality.requests, 'request')}`];
}

function signed(name: Number, value: number | null): string {
  if (value === null) return '-';
  // The difference of two durations of microseconds has digits that neither of them has.
  const rounded = Number(value.toFixed(6));
  return `${rounded > 0 ? '+' : rounded < 0 ? '−' : ''}${inWords(name, Math.abs(rounded))}`;
}

function inWords(name: Number, value: number | null): string {
  if (value === null) return '-';
  if (name.endsWith('_requests') || name === 'requests') return grouped(value);
  if (name.endsWith('_percentage')) return value.toFixed(4);
  return name === 'duration_mean' ? value.toFixed(6) : String(value);
}
