import { DaymarkError } from '../../errors.ts';
import { utf8Text } from './byte-text.ts';

/** Where the customer id is in a request path. Segments are byte text. */
export interface PathTemplate {
  /** The parts between slashes: a text that must be equal, or any one. The path may be longer. */
  readonly segments: readonly Segment[];
  /** The query parameter that holds the customer id. Undefined where a segment holds it. */
  readonly parameter: string | undefined;
}

type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'customer id' };

const CUSTOMER_ID = '{customer_id}';

/**
 * Parses `/accounts/{customer_id}/orders`, `/v1/users/{customer_id}` or `/search?key={customer_id}`. A slash at the
 * end has no meaning.
 * @throws INVALID_SETTING where the template does not begin with `/`, or does not have exactly one `{customer_id}`,
 * as a whole segment or as the whole value of the only query parameter.
 */
export function parsePathTemplate(text: string): PathTemplate {
  const refuse = (why: string) =>
    new DaymarkError('INVALID_SETTING', `CUSTOMER_ID: the path template "${text}" ${why}.`);
  if (!text.startsWith('/')) throw refuse('does not begin with "/"');
  const captures = text.split(CUSTOMER_ID).length - 1;
  if (captures !== 1) throw refuse(`must have ${CUSTOMER_ID} once, and has it ${captures} times`);
  const [path, query, ...rest] = text.split('?');
  if (rest.length > 0 || /[#\s]/.test(text)) throw refuse('has a fragment, a space or a second query');
  const parameter = query === undefined ? undefined : parameterOf(query);
  if (query !== undefined && !parameter) throw refuse(`must have a query of the form ?name=${CUSTOMER_ID}`);
  const segments = path.replace(/\/$/, '').split('/').slice(1).map(segmentOf);
  if (segments.some((segment) => segment === undefined))
    throw refuse(`must have ${CUSTOMER_ID} as a whole segment, and no other braces`);
  return { segments: segments as Segment[], parameter };
}

/** The name in `name={customer_id}`. */
function parameterOf(query: string): string | undefined {
  const [name, value, ...rest] = query.split('=');
  const isPlain = name !== '' && value === CUSTOMER_ID && rest.length === 0 && !/[{}&]/.test(name);
  return isPlain ? utf8Text(name) : undefined;
}

function segmentOf(segment: string): Segment | undefined {
  if (segment === CUSTOMER_ID) return { kind: 'customer id' };
  if (segment === '*') return { kind: 'any' };
  return /[{}]/.test(segment) ? undefined : { kind: 'text', text: utf8Text(segment) };
}

/**
 * The bytes that the template captures, still percent-encoded. Undefined where the path does not match.
 * @param target a path or a URL as byte text, with or without a query.
 */
export function captured({ segments, parameter }: PathTemplate, target: string): string | undefined {
  const [withoutFragment] = target.split('#', 1);
  const queryAt = withoutFragment.indexOf('?');
  const path = pathOf(queryAt < 0 ? withoutFragment : withoutFragment.slice(0, queryAt));
  const ofPath = path === undefined ? undefined : capturedInPath(segments, path.split('/').slice(1));
  if (ofPath === undefined || parameter === undefined) return ofPath;
  return queryAt < 0 ? undefined : capturedInQuery(parameter, withoutFragment.slice(queryAt + 1));
}

/**
 * Which segment of a path is the customer id, counted from 1, empty ones included. Undefined where the path does not match, or
 * has no id there.
 * @param path without a query, a scheme and a host.
 */
export function customerSegmentOf({ segments }: PathTemplate, path: string): number | undefined {
  const at = segments.findIndex(({ kind }) => kind === 'customer id');
  const id = capturedInPath(segments, path.split('/').slice(1));
  return at < 0 || !id ? undefined : at + 1;
}

/** Removes the scheme and authority of a URL (RFC 3986, section 3). */
function pathOf(target: string): string | undefined {
  const [, path] = /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*)?(.*)$/s.exec(target) ?? [];
  return path === undefined || path.startsWith('/') || path !== target ? path : undefined;
}

/** Undefined where the path does not match. Empty where it matches and no segment is the customer id. */
function capturedInPath(segments: readonly Segment[], path: readonly string[]): string | undefined {
  if (path.length < segments.length) return undefined;
  let result = '';
  for (const [i, segment] of segments.entries()) {
    if (segment.kind === 'text' && segment.text !== path[i]) return undefined;
    if (segment.kind === 'customer id') result = path[i];
  }
  return result;
}

/** The value of the first parameter of that name. */
function capturedInQuery(parameter: string, query: string): string | undefined {
  const start = `${parameter}=`;
  return query
    .split('&')
    .find((part) => part.startsWith(start))
    ?.slice(start.length);
}
