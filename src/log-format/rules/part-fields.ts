/** Finds the field of a format that a word of a rule means. */

import type { LogFormat } from '../format.ts';
import { indexOfName, plainName } from '../format-string/customer-names.ts';
import type { PartWord, RuleWord, TextPart } from './line-rules.ts';

/** Which part of which field a condition looks at. The field is an element of a pattern, or has a name. */
export interface PartField {
  readonly field: number | string;
  readonly part: TextPart;
}

/**
 * The names that servers, and daymark's presets, give to a part of a request, in lower case without their signs. The
 * first that a format has is taken: the host that the client asked for comes before the name of the server.
 */
const NAMES: Readonly<Record<PartWord | 'path', readonly string[]>> = {
  path: ['request_uri', 'uri', 'request_path', 'path', 'url', 'req(:path)', 'cs-uri-stem'],
  method: ['request_method', 'method', 'req(:method)', 'cs-method', 'http_method'],
  host: [
    ...['http_host', '{host}i', 'req(:authority)', 'req(host)', 'authority', 'x-host-header', 'cs(host)'],
    ...['host', 'cs-host', 'domain_name', 'server_name', 'vhost'],
  ],
  client: [
    ...['remote_addr', 'client', 'client_ip', 'remote_ip', 'client:port', 'c-ip', 'source_ip', '{c}a'],
    ...['downstream_remote_address_without_port', 'downstream_remote_address'],
    ...['downstream_direct_remote_address_without_port', 'downstream_direct_remote_address'],
  ],
  agent: ['http_user_agent', '{user-agent}i', 'user_agent', 'req(user-agent)', 'cs(user-agent)', 'agent'],
};

/** Columns of the W3C's extended format. A header may lack them. */
const W3C_COLUMNS: Readonly<Record<PartWord, string>> = {
  ...{ method: 'cs-method', host: 'cs-host', client: 'c-ip', agent: 'cs(User-Agent)' },
};

/** Apache's directives of one letter. Their case matters: `%a` is the client and `%A` the server. */
const LETTERS: Readonly<Record<PartWord | 'path', string>> = {
  ...{ path: 'U', method: 'm', host: 'vV', client: 'ha', agent: '' },
};

/** @returns undefined if the format has no such field, or does not say which one it is. */
export function fieldOfWord(format: LogFormat, word: Exclude<RuleWord, 'status'>): PartField | undefined {
  const field = word === 'path' ? undefined : namedPart(format, word);
  if (field !== undefined) return { field, part: 'value' };
  const path = fieldOfRole(format, 'request_path');
  if (word === 'path' && path !== undefined) return { field: path, part: 'path' };
  const request = fieldOfRole(format, 'request');
  if (request !== undefined && (word === 'path' || word === 'method'))
    return { field: request, part: `${word} of request` };
  const named = word === 'path' ? namedPart(format, word) : undefined;
  return named === undefined ? undefined : { field: named, part: 'path' };
}

function fieldOfRole(format: LogFormat, role: 'request' | 'request_path'): number | string | undefined {
  if (format.layout !== 'pattern') return format.fields.find(({ field }) => field.role === role)?.name;
  const at = format.elements.findIndex((each) => typeof each !== 'string' && each.field.role === role);
  return at < 0 ? undefined : at;
}

function namedPart(format: LogFormat, word: PartWord | 'path'): number | string | undefined {
  if (format.layout !== 'pattern') {
    if (word === 'path') return undefined;
    return format.parts?.[word] ?? (format.layout === 'w3c' ? W3C_COLUMNS[word] : undefined);
  }
  const found = format.elements
    .map((each, at) => ({ at, rank: typeof each === 'string' ? -1 : rankOfName(each.name, word) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank);
  return found[0]?.at;
}

/**
 * The place of a name among those that mean a word; −1 if it means something else.
 * @param name of a field in a format, with or without the signs of its dialect.
 */
export function rankOfName(name: string, word: PartWord | 'path'): number {
  const letter = /^%[!<>,\d]*([A-Za-z])$/.exec(name)?.[1];
  if (letter !== undefined) return LETTERS[word].indexOf(letter);
  return NAMES[word].indexOf(plainName(name));
}

/**
 * The field with a name of the format's own, as CUSTOMER_ID takes it. Keys and columns are not known before lines are
 * read, so every name is one.
 */
export function fieldOfName(format: LogFormat, name: string): PartField | undefined {
  if (format.layout !== 'pattern') return { field: name, part: 'value' };
  const at = indexOfName(format, name);
  return at < 0 ? undefined : { field: at, part: 'value' };
}
