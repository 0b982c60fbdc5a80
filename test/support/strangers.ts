/** A log of one customer and of others, of which nothing may be in an answer to the one. All of it is unmistakable. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLE = join(import.meta.dirname, '../../logs/api_requests.log');

/** The customer of the examples in the OpenAPI document. */
export const OWN = 'cust_40';

/** All have requests on the same days, so that everybody's numbers are told of these (`EVERYONE_MIN_CUSTOMERS=3`). */
const STRANGERS = Array.from({ length: 4 }, (_, i) => ({
  id: `stranger-${i}`,
  alias: `nickname-${i}`,
  requests: 30_011 + 331 * i,
  failed: 10_007 + 71 * i,
}));
const DAYS = ['2024-09-30', '2024-10-01'];
const DURATION_S = '77.731';

/** Lines of the default format. */
export function logOfStrangers(): string {
  const own = readFileSync(SAMPLE, 'utf8')
    .split('\n')
    .filter((line) => line.includes(` ${OWN} `));
  const others = STRANGERS.flatMap(({ id, requests, failed }) =>
    DAYS.flatMap((day) =>
      Array.from({ length: requests }, (_, i) => {
        const status = i < failed ? 418 : 200;
        return `${day} 12:00:00 ${id} /hidden-resource ${status} ${DURATION_S}`;
      }),
    ),
  );
  return [...own, ...others, ''].join('\n');
}

/** Names and aliases, for `CUSTOMERS_FILE`. */
export function customersFileOfStrangers(): string {
  const rows = STRANGERS.map(({ id, alias }) => `${id},Foreign ${id},${alias}`);
  return ['id,name,aliases', `${OWN},Own,own-alias`, ...rows, ''].join('\n');
}

/** What a request may name instead of the customer that it may read. */
export const NAMES_OF_STRANGERS = STRANGERS.flatMap(({ id, alias }) => [id, alias]);

/** The numbers of each of them on a day and in all, and of them all together. */
const COUNTS = STRANGERS.flatMap(({ requests, failed }) => [requests, failed, requests - failed]);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const ofAll = [0, 1, 2].map((kind) => sum(COUNTS.filter((_, i) => i % 3 === kind)));
const NUMBERS = [...COUNTS, ...ofAll].flatMap((count) => [count, count * DAYS.length]);

const NAMES = /stranger-\d|nickname-\d|Foreign|hidden-resource/g;
/** Digits within a hash or an identifier are no numbers. */
const VALUES = new RegExp(`(?<![\\w.-])(?:${[...NUMBERS, DURATION_S].join('|')})(?![\\w.-])`, 'g');

/**
 * @param text everything that was answered. @param values where its numbers are, as text.
 * @returns what tells of the others.
 */
export function tracesOfStrangers(text: string, values = text): readonly string[] {
  return [...(text.match(NAMES) ?? []), ...(values.match(VALUES) ?? [])];
}
