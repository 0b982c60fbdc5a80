/**
 * A mapping for JSON lines that no preset fits, by the names and the shapes of their keys. It says why it takes a key for
 * what, and it does not guess: where it cannot tell the unit of a duration, it asks.
 */

import { type DurationFound, durationIn } from './json-duration.ts';
import { type JsonLine, jsonLinesOf, type Leaf } from './json-leaves.ts';
import { rankOf } from './json-names.ts';
import { timeKindOf } from './json-time.ts';
import { doubt, NO_PROPOSAL, type Proposal } from './proposal.ts';

const STATUS = /^(?:[1-5]\d\d|0|000|-1)$/;
const REQUEST = /^[A-Z]+ \S.* HTTP\/\d(?:\.\d)?$/s;
const PATH = /^(?:\/|\*$|https?:\/\/)/;
/** Caddy’s loggers of requests. */
const CADDY_LOGGER = /^http\.log\.access/;

/** A part of the mapping, and why. */
interface Part {
  readonly text: string;
  readonly reason: string;
}

/** @param lines the first lines of the log. */
export function proposeJson(lines: readonly string[]): Proposal {
  const all = jsonLinesOf(lines);
  if (all.length === 0 || all.length < lines.filter((line) => line.trim() !== '').length / 2)
    return NO_PROPOSAL;
  const status = bestKey(all, 'status', ({ text }) => STATUS.test(text));
  if (status === undefined)
    return doubt('The lines are JSON, but daymark cannot tell which key is the status.');
  // A log can hold other lines. Only requests have a status.
  const requests = all.filter((line) => STATUS.test(line.get(status)?.text ?? ''));
  const time = timeIn(requests);
  if (time === undefined) return doubt('The lines are JSON, but daymark cannot tell which key is the time.');
  const duration = durationIn(requests);
  const parts = [
    time,
    ...customerIn(requests),
    ...pathIn(requests),
    { text: `status=${quoted(status)}`, reason: `status: ${status}, such as ${exampleOf(requests, status)}` },
  ];
  return proposalOf(parts, duration);
}

function proposalOf(parts: readonly Part[], duration: DurationFound): Proposal {
  const mapping = `json ${parts.map(({ text }) => text).join(' ')}`;
  if (duration.kind === 'unsure')
    return doubt(
      `The lines are JSON, but daymark cannot tell ${duration.what}.`,
      `Complete this LOG_FORMAT: ${mapping} duration=${quoted(duration.key ?? 'KEY')}:UNIT (the unit is s, ms, us or ns; leave the duration out if there is none).`,
    );
  const { kind, ...known } = duration;
  const part = kind === 'known' ? [partOfDuration(known as KnownDuration)] : [];
  const whole = [mapping, ...part.map(({ text }) => text)].join(' ');
  const reasons = [...parts, ...part].map(({ reason }) => reason);
  return { formats: [{ name: whole, title: 'JSON, by its keys', format: whole, reasons }], doubts: [] };
}

interface KnownDuration {
  readonly key: string;
  readonly unit: string;
  readonly because: string;
  readonly isOptional: boolean;
}

function partOfDuration({ key, unit, because, isOptional }: KnownDuration): Part {
  const text = `duration=${quoted(key)}:${unit}${isOptional ? '?' : ''}`;
  return { text, reason: `duration: ${key}${unit === 'text' ? '' : `, in ${unit}`}, because ${because}` };
}

/** The key with the best name of those whose values all pass. */
function bestKey(
  lines: readonly JsonLine[],
  role: 'status' | 'timestamp' | 'request_path' | 'customer_id',
  isRight: (leaf: Leaf) => boolean,
): string | undefined {
  const keys = new Set(lines.flatMap((line) => [...line.keys()]));
  const ranked = [...keys].flatMap((key) => {
    const rank = rankOf(role, key);
    const leaves = lines.flatMap((line) => line.get(key) ?? []);
    return rank === undefined || !leaves.every(isRight) ? [] : [{ key, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.key.length - b.key.length)[0]?.key;
}

function timeIn(lines: readonly JsonLine[]): Part | undefined {
  const isTime = (leaf: Leaf) => timeKindOf([leaf.text]) !== undefined;
  const key = bestKey(lines, 'timestamp', isTime);
  const kind = key && timeKindOf(lines.flatMap((line) => line.get(key)?.text ?? []));
  if (key === undefined || kind === undefined) return undefined;
  const reason = `time: ${key}, such as ${exampleOf(lines, key)} (${kind})`;
  return { text: `timestamp=${quoted(key)}${kind === 'iso8601' ? '' : `:${kind}`}`, reason };
}

function pathIn(lines: readonly JsonLine[]): Part[] {
  const isEverywhere = (key: string) => lines.every((line) => line.get(key));
  const request = [...(lines[0]?.keys() ?? [])].find((key) =>
    lines.some((line) => REQUEST.test(line.get(key)?.text ?? '')),
  );
  const key =
    bestKey(lines, 'request_path', ({ text }) => PATH.test(text) || text === '' || text === '-') ?? request;
  if (key === undefined) return [];
  const role = key === request ? 'request' : 'request_path';
  const optional = isEverywhere(key) ? '' : '?';
  return [
    { text: `${role}=${quoted(key)}${optional}`, reason: `path: ${key}, such as ${exampleOf(lines, key)}` },
  ];
}

function customerIn(lines: readonly JsonLine[]): Part[] {
  const isCaddy = lines.every((line) => CADDY_LOGGER.test(line.get('logger')?.text ?? ''));
  const key = isCaddy ? 'user_id' : bestKey(lines, 'customer_id', () => true);
  return key === undefined
    ? []
    : [{ text: `customer_id=${quoted(key)}?`, reason: `customer: ${key}, because of its name` }];
}

function exampleOf(lines: readonly JsonLine[], key: string): string {
  return lines.find((line) => line.get(key))?.get(key)?.text ?? '';
}

/** A name that a mapping would take apart stands in quotes. */
function quoted(key: string): string {
  return /[\s":?=]/.test(key) ? `"${key.replaceAll('"', '\\"')}"` : key;
}
