/** The screen of `daymark top`: a snapshot as lines that fit. */

import { counted, grouped } from '../../counted.ts';
import { printable } from '../../printable.ts';
import { type FittedTable, fittedTable } from './fitted-table.ts';
import type { Snapshot, WorstCustomer } from './snapshot.ts';
import { cut, pad, widthOf } from './text-width.ts';

/** Infinity: no bound. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How parts of the screen are set apart. The texts keep their widths. */
export interface Style {
  title(text: string): string;
  label(text: string): string;
  alarm(text: string): string;
}

export const PLAIN: Style = { title: (text) => text, label: (text) => text, alarm: (text) => text };

const LABEL_WIDTH = 7;
/** A narrower screen has no labels. */
const LEAST_LABELLED_WIDTH = 24;
/** Lines of a table beside its rows: an empty one, the title and the headers. */
const TABLE_FRAME = 3;

/** The last line of a screen. */
export interface Note {
  readonly text: string;
  readonly isAlarm: boolean;
}

/** @param note undefined: the lines end with the last table. */
export function layout(snapshot: Snapshot, size: Size, style: Style, note?: Note): string[] {
  const facts = factsOf(snapshot, size.columns, style);
  const room = size.rows - facts.length - (note ? 1 : 0);
  const [logs, customers] = shareRows(room, snapshot.sources.length, snapshot.worst?.customers.length ?? 0);
  const lines = [
    ...facts,
    ...titled('logs', logsTable(snapshot), logs, size.columns, style),
    ...titled(worstTitle(snapshot), worstTable(snapshot), customers, size.columns, style),
  ];
  if (!note) return lines.slice(0, size.rows);
  const text = cut(note.text, size.columns);
  return [...fill(lines, size.rows - 1), note.isAlarm ? style.alarm(text) : style.label(text)];
}

function fill(lines: readonly string[], rows: number): string[] {
  return [...lines.slice(0, rows), ...Array<string>(Math.max(0, rows - lines.length)).fill('')];
}

/** How many rows each table gets. Logs get half at the most, and what customers leave. */
function shareRows(room: number, logs: number, customers: number): [number, number] {
  const rows = Math.max(0, room - 2 * TABLE_FRAME);
  if (logs + customers <= rows) return [logs, customers];
  const ofLogs = Math.min(logs, Math.max(Math.floor(rows / 2), rows - customers));
  return [ofLogs, Math.min(customers, rows - ofLogs)];
}

function titled<Row>(
  title: string,
  table: FittedTable<Row>,
  rows: number,
  width: number,
  style: Style,
): string[] {
  if (rows <= 0) return [];
  const hidden = table.rows.length - rows;
  const [head = '', ...lines] = fittedTable({ ...table, rows: table.rows.slice(0, rows) }, width);
  const more = hidden > 0 ? ` (${grouped(hidden)} more)` : '';
  return ['', style.title(cut(title + more, width)), style.label(head), ...lines];
}

function factsOf(snapshot: Snapshot, width: number, style: Style): string[] {
  const { status, store } = snapshot;
  const { live, finished, retired } = status.sources;
  const facts: [string, string[]][] = [
    ['daymark', [status.version, printable(store), `days of ${status.time_zone ?? 'no zone yet'}`]],
    ['read', readParts(snapshot)],
    ['rate', rateParts(snapshot, width)],
    ['lag', lagParts(snapshot)],
    [
      'logs',
      [
        `${grouped(live)} live`,
        `${grouped(finished)} finished`,
        ...(retired > 0 ? [`${grouped(retired)} retired`] : []),
        ...(status.final_through ? [`days final through ${status.final_through}`] : []),
      ],
    ],
  ];
  if (status.readers.length > 0) facts.push(['readers', status.readers.map(readerText)]);
  return facts.flatMap(([label, parts]) => fact(label, parts, width, style));
}

function readerText({ name, partitions }: Snapshot['status']['readers'][number]): string {
  return `${printable(name)} ${counted(partitions, 'partition')}`;
}

function readParts({ status }: Snapshot): string[] {
  const { lines, rejected, late, dropped, excluded } = status;
  return [
    `${grouped(lines)} lines`,
    `${grouped(rejected)} rejected${lines > 0 ? ` (${((100 * rejected) / lines).toFixed(2)} %)` : ''}`,
    ...(late > 0 ? [`${grouped(late)} late`] : []),
    ...(dropped > 0 ? [`${grouped(dropped)} dropped`] : []),
    ...(excluded > 0 ? [`${grouped(excluded)} excluded`] : []),
  ];
}

function rateParts({ linesPerSecond, rates }: Snapshot, width: number): string[] {
  const rate = linesPerSecond === null ? 'not known yet' : `${grouped(linesPerSecond)} lines/s`;
  const room = Math.min(40, width - LABEL_WIDTH - rate.length - 3);
  const line = room > 3 ? sparkline(rates.slice(-room)) : '';
  return [line === '' ? rate : `${rate}  ${line}`];
}

const BARS = Array.from('▁▂▃▄▅▆▇█');

/** A bar for each number; the highest one is full. Empty where there is nothing to compare. */
export function sparkline(numbers: readonly number[]): string {
  const most = Math.max(0, ...numbers);
  if (numbers.length < 2 || most === 0) return '';
  return numbers.map((number) => BARS[Math.round((number / most) * (BARS.length - 1))]).join('');
}

function lagParts({ status }: Snapshot): string[] {
  const { bytes_behind, messages_behind, last_commit, last_event, time } = status;
  const isNothingKnown = bytes_behind === null && messages_behind === null;
  return [
    ...(isNothingKnown ? ['bytes behind not known'] : []),
    ...(bytes_behind === null ? [] : [`${bytesText(bytes_behind)} behind`]),
    ...(messages_behind === null ? [] : [`${counted(messages_behind, 'message')} behind`]),
    ...(last_commit ? [`last commit ${ageText(last_commit, time)}`] : []),
    ...(last_event ? [`newest request ${ageText(last_event, time)}`] : []),
  ];
}

/** A label and its parts, in as many lines as they need. */
function fact(label: string, parts: readonly string[], width: number, style: Style): string[] {
  const isLabelled = width >= LEAST_LABELLED_WIDTH;
  const room = isLabelled ? width - LABEL_WIDTH - 1 : width;
  const lines: string[] = [];
  for (const part of parts.map((one) => cut(one, room))) {
    const last = lines.at(-1);
    const joined = `${last}, ${part}`;
    if (last !== undefined && widthOf(joined) <= room) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.map((line, i) =>
    isLabelled ? `${style.label(pad(i === 0 ? label : '', LABEL_WIDTH, 'right'))} ${line}` : line,
  );
}

function logsTable({ sources, status: { time } }: Snapshot): FittedTable<Snapshot['sources'][number]> {
  return {
    keeps: 'end',
    rows: sources,
    columns: [
      { header: 'log', cell: ({ name }) => name, rank: 0 },
      { header: 'state', cell: ({ state }) => state, rank: 5 },
      { header: 'lines', cell: ({ lines }) => grouped(lines), rank: 1 },
      { header: 'rejected', cell: ({ rejected }) => grouped(rejected), rank: 2 },
      { header: 'late', cell: ({ late }) => grouped(late), rank: 7 },
      { header: 'excluded', cell: ({ excluded }) => grouped(excluded), rank: 6 },
      {
        header: 'behind',
        cell: behindText,
        rank: 3,
      },
      {
        header: 'newest request',
        cell: ({ last_event }) => (last_event ? ageText(last_event, time) : '-'),
        rank: 4,
      },
    ],
  };
}

function behindText({ bytes_behind, messages_behind }: Snapshot['sources'][number]): string {
  if (messages_behind !== null) return counted(messages_behind, 'message');
  return bytes_behind === null ? '-' : bytesText(bytes_behind);
}

function worstTitle({ worst }: Snapshot): string {
  if (worst === null || worst.customers.length === 0) return '';
  return `customers with the most failures, ${worst.from} to ${worst.to}`;
}

function worstTable({ worst }: Snapshot): FittedTable<WorstCustomer> {
  return {
    keeps: 'beginning',
    rows: worst?.customers ?? [],
    columns: [
      {
        header: 'customer',
        cell: ({ customer_id, customer_name }) =>
          customer_name === undefined ? customer_id : `${customer_id}: ${customer_name}`,
        rank: 0,
      },
      { header: 'failures', cell: ({ error_requests }) => grouped(error_requests), rank: 0 },
      { header: 'requests', cell: ({ requests }) => grouped(requests), rank: 1 },
      {
        header: 'availability %',
        cell: ({ availability_percentage }) => availability_percentage?.toFixed(3) ?? '-',
        rank: 2,
      },
      { header: 'p99 s', cell: ({ duration_p99 }) => String(duration_p99 ?? '-'), rank: 3 },
    ],
  };
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `1.2 MB` */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `3 s ago`. A clock of another machine may be ahead. */
export function ageText(time: string, now: string): string {
  const seconds = Math.round((Date.parse(now) - Date.parse(time)) / 1000);
  if (seconds < 0) return `${spanText(-seconds)} ahead`;
  return `${spanText(seconds)} ago`;
}

function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${grouped(Math.floor(seconds / 86_400))} days`;
}
