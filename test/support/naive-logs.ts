/** Logs of which every line is known, and what daymark must say of them: ledgers, the logs of a day, rejected lines. */

import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { compareBytes } from './batches.ts';
import { datesBetween, localDate } from './naive-spans.ts';
import type { Request } from './oracle.ts';

/** A line of a log. Offsets are bytes. */
export interface NaiveLine {
  readonly text: string;
  readonly offset: number;
  readonly end: number;
  /** Undefined where it is rejected. */
  readonly request?: NaiveRequest;
  /** Why it is rejected. */
  readonly reason?: string;
}

export interface NaiveRequest extends Request {
  readonly method: string;
  readonly target: string;
  /** Came in after its day was final. */
  readonly isLate: boolean;
}

export interface NaiveLog {
  readonly name: string;
  readonly bytes: Buffer;
  readonly lines: readonly NaiveLine[];
}

/** What was read. */
export interface NaiveWorld {
  readonly zone: string;
  readonly logs: readonly NaiveLog[];
  /** Every day that is asked for is final. False: none is. */
  readonly isFinal: boolean;
  /** What is asked for. */
  readonly range: { readonly from: string; readonly to: string };
}

/** One question to an operation. */
export interface NaiveAnswer {
  readonly customerId?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly expected: unknown;
}

type Row = Record<string, unknown>;
type Requests = readonly NaiveRequest[];

export const ANY = expect.any(String);

export const requestsOf = (world: NaiveWorld): Requests =>
  world.logs.flatMap(({ lines }) => lines.flatMap(({ request }) => request ?? []));

export function within(
  requests: Requests,
  { zone }: NaiveWorld,
  { from, to }: NaiveWorld['range'],
): Requests {
  return requests.filter(({ eventTimeMs }) => {
    const date = localDate(eventTimeMs, zone);
    return date >= from && date <= to;
  });
}

const at = (offset: number) => `byte ${offset.toLocaleString('en-US')}`;

/** Where the lines of a day stand in a log; undefined where it has none. */
export function placeIn(log: NaiveLog, { zone }: NaiveWorld, date: string) {
  const own = log.lines.filter(({ request }) => request && localDate(request.eventTimeMs, zone) === date);
  if (own.length === 0) return undefined;
  const [from, to] = [own[0].offset, own[own.length - 1].end];
  return {
    ...{ id: ANY, name: log.name, lines: own.length },
    ...{ from_offset: from, from_at: at(from), to_offset: to, to_at: at(to) },
  };
}

/** Logs come in the order of their ids, which are random. */
const byName = <T extends Row>(rows: readonly T[], name = 'name'): T[] =>
  rows.toSorted((a, b) => compareBytes(String(a[name]), String(b[name])));

function fingerprintOf({ bytes }: NaiveLog): string {
  const head = bytes.subarray(0, 1024);
  return `sha256:${head.length}:${createHash('sha256').update(head).digest('hex')}`;
}

export function* daySourcesOf(
  world: NaiveWorld,
  id: string | null,
  own: Requests,
): Generator<Omit<NaiveAnswer, 'customerId'>> {
  for (const date of [...datesBetween(world.range.from, world.range.to), '2030-01-01']) {
    const sources = world.logs.flatMap((log) => {
      const place = placeIn(log, world, date);
      return place
        ? [{ ...place, state: 'finished', fingerprint: fingerprintOf(log), source_name: null }]
        : [];
    });
    const day = { from: date, to: date };
    yield {
      query: { date, limit: '1000' },
      expected: {
        ...{ customer_id: id, date, requests: within(own, world, day).length },
        ...{ lines: within(requestsOf(world), world, day).length, unknown_lines: 0 },
        ...{ sources: byName(sources), next_cursor: null },
      },
    };
  }
}

const rejectedIn = ({ lines }: NaiveLog) => lines.filter(({ reason }) => reason !== undefined);

function countsOf(lines: readonly NaiveLine[]) {
  const accepted = lines.filter(({ request }) => request).length;
  const counts = { lines: lines.length, accepted, rejected: lines.length - accepted };
  return { ...counts, late: 0, dropped: 0, excluded: 0 };
}

const instant = (ms: number) => new Date(ms).toISOString();

export function ledgersOf(world: NaiveWorld) {
  const sources = world.logs.map((log) => {
    const times = log.lines.flatMap(({ request }) => request?.eventTimeMs ?? []);
    const reasons = Map.groupBy(rejectedIn(log), ({ reason }) => reason);
    const [offset, counts] = [log.bytes.length, countsOf(log.lines)];
    return {
      ...{ id: ANY, name: log.name, state: 'finished', offset, at: at(offset), ...counts },
      rejected_by_reason: Object.fromEntries([...reasons].map(([reason, same]) => [reason, same.length])),
      ...{ first_event: instant(Math.min(...times)), last_event: instant(Math.max(...times)) },
      ...{ added: ANY, moved: ANY, source_name: null },
    };
  });
  return { sources: byName(sources), next_cursor: null };
}

export function* rejectedLines(world: NaiveWorld): Generator<NaiveAnswer> {
  const all = world.logs.flatMap((log) =>
    rejectedIn(log).map(({ offset, reason, text }) => ({
      ...{ source_id: ANY, file: log.name, offset, at: at(offset), reason, excerpt: text.trimEnd() },
    })),
  );
  for (const reasons of [undefined, ['empty_line'], ['empty_line', 'invalid_status']]) {
    const asked = all.filter(({ reason }) => reasons?.includes(String(reason)) ?? true);
    const query = { limit: '1000', ...(reasons ? { reason: reasons.join() } : {}) };
    yield { query, expected: { rejected: byName(asked, 'file'), next_cursor: null } };
  }
}

export function statusOf(world: NaiveWorld) {
  const last = Math.max(...requestsOf(world).map(({ eventTimeMs }) => eventTimeMs));
  return {
    ...{ version: ANY, database: ANY, time_zone: world.zone, time: ANY, is_reading: false },
    ...{ bytes_behind: null, messages_behind: null, seconds_behind: null, waits_for: null, last_commit: ANY },
    ...{ last_event: instant(last), watermark: null, final_through: world.isFinal ? ANY : null },
    sources: { live: 0, finished: world.logs.length, retired: 0 },
    ...countsOf(world.logs.flatMap(({ lines }) => lines)),
    readers: [],
  };
}

/** What holds for all answers of a server of these logs. */
export function aboutOf({ zone }: NaiveWorld) {
  return {
    ...{ version: ANY, time_zone: zone, target_percentage: 99.9 },
    ...{ failed_statuses: '0, 500-599', ignored_statuses: '', is_guarded: false, auth: [] },
    embed_ancestors: [],
  };
}

/** Puts what comes in the order of random ids in the order of {@link naiveAnswers}. */
export function inOrderOfNames(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { sources, rejected } = body as Row;
  if (Array.isArray(sources)) return { ...body, sources: byName(sources) };
  return Array.isArray(rejected) ? { ...body, rejected: byName(rejected, 'file') } : body;
}
