/** The API of the server that the page came from. */

import { type components, createClient, dataOf, type paths } from 'daymark/client';
import { link } from './link.svelte.ts';

const api = createClient({ baseUrl: location.origin });

const SESSION = '/v1/session';

/** Hears that a question was refused because nobody is signed in, or not any more. */
let signedOut = (): void => undefined;
export const onSignedOut = (listener: () => void): void => {
  signedOut = listener;
};
api.use({
  onResponse: ({ response, schemaPath }) => {
    if (response.status === 401 && schemaPath !== SESSION) signedOut();
  },
});

/** By the link that opened the page. */
const bearer = (): string => `Bearer ${link.token}`;

api.use({
  onRequest: ({ request }) => {
    if (link.token === undefined) return undefined;
    // Whoever is signed in, too, sees by the link what everybody sees who has it.
    const asked = new Request(request, { credentials: 'omit' });
    asked.headers.set('authorization', bearer());
    return asked;
  },
});

/** A file of the API. A browser that follows an address sends no key, so this page asks for the file by itself. */
export async function file(address: string): Promise<Blob> {
  const answer = await fetch(address, { headers: { authorization: bearer() }, credentials: 'omit' });
  if (answer.status === 401) signedOut();
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.blob();
}

type Schemas = components['schemas'];
export type About = Schemas['About'];
export type Who = Schemas['Session'];
export type Status = Schemas['Status'];
export type DailyStats = Schemas['DailyStats'];
export type SpanStats = Schemas['SpanStats'];
export type Summary = Schemas['CustomerSummary'];
export type HoursSummary = Schemas['HoursSummary'];
export type RankedCustomer = Schemas['RankedCustomer'];
export type DayChange = Schemas['DayChange'];
export type NewShareLink = Schemas['NewLink'];
export type RankQuery = NonNullable<paths['/v1/customers']['get']['parameters']['query']>;
export type EndpointsQuery = NonNullable<paths['/v1/endpoints']['get']['parameters']['query']>;

export interface Range {
  readonly from: string;
  readonly to: string;
}

/** Undefined: all customers together. */
type Customer = string | undefined;

const of = (customerId: Customer) => (customerId === undefined ? {} : { customer_id: customerId });

export const about = (signal: AbortSignal) => dataOf(api.GET('/v1/about', { signal }));

/** Who looks at the page. */
export const who = (signal: AbortSignal) => dataOf(api.GET(SESSION, { signal }));

/** The only request that a key goes into. The browser keeps the cookie that it is answered with, and no script can read it. */
export const signIn = (key: string) =>
  dataOf(api.POST(SESSION, { headers: { authorization: `Bearer ${key}` } }));

export const signOut = () => api.DELETE(SESSION);

export const status = (signal: AbortSignal) => dataOf(api.GET('/v1/status', { signal }));

/** @param lastId the event of which the answers are that the page has. */
export const events = (lastId: string | undefined, signal: AbortSignal) =>
  dataOf(
    api.GET('/v1/events', {
      signal,
      parseAs: 'stream',
      headers: { accept: 'text/event-stream' },
      params: { header: lastId === undefined ? {} : { 'last-event-id': lastId } },
    }),
  );

/** Only requests of an endpoint. Undefined: of all. */
interface OfEndpoint {
  readonly endpoint?: string | undefined;
}

const ofEndpoint = ({ endpoint }: OfEndpoint) => (endpoint === undefined ? {} : { endpoint });

export const summary = (
  customerId: Customer,
  { from, to, ...asked }: Range & OfEndpoint,
  signal: AbortSignal,
) =>
  dataOf(
    api.GET('/v1/summary', {
      signal,
      params: { query: { ...of(customerId), ...ofEndpoint(asked), from, to } },
    }),
  );

/** Hours that begin from one instant on to another. */
export const hoursSummary = (customerId: Customer, { from, to }: Range, signal: AbortSignal) =>
  dataOf(
    api.GET('/v1/hours-summary', {
      signal,
      params: { query: { ...of(customerId), from_hour: from, to_hour: to } },
    }),
  );

export const customer = (customerId: string, signal: AbortSignal) =>
  dataOf(api.GET('/v1/customer', { signal, params: { query: { customer_id: customerId } } }));

export const spans = (
  customerId: Customer,
  {
    from,
    to,
    granularity,
    ...asked
  }: Range & OfEndpoint & { readonly granularity: 'hour' | 'day' | 'week' | 'month' },
  signal: AbortSignal,
) =>
  dataOf(
    api.GET('/v1/stats', {
      signal,
      params: { query: { ...of(customerId), ...ofEndpoint(asked), from, to, granularity, fill: 'true' } },
    }),
  );

/** The days of a customer with requests. */
export const days = (
  customerId: string,
  range: { readonly from: string; readonly to?: string },
  signal: AbortSignal,
) => dataOf(api.GET('/stats', { signal, params: { query: { customer_id: customerId, ...range } } }));

/** A day before any log. */
export const FIRST_DAY = '0001-01-01';

export const rank = (query: RankQuery, signal: AbortSignal) =>
  dataOf(api.GET('/v1/customers', { signal, params: { query } }));

type ActivityQuery = NonNullable<paths['/v1/silent-customers']['get']['parameters']['query']>;

export const newCustomers = (query: Omit<ActivityQuery, 'since'>, signal: AbortSignal) =>
  dataOf(api.GET('/v1/new-customers', { signal, params: { query } }));

export const silentCustomers = (query: ActivityQuery, signal: AbortSignal) =>
  dataOf(api.GET('/v1/silent-customers', { signal, params: { query } }));

export const endpoints = (
  customerId: Customer,
  query: Range & Pick<EndpointsQuery, 'sort' | 'order' | 'limit'>,
  signal: AbortSignal,
) => dataOf(api.GET('/v1/endpoints', { signal, params: { query: { ...of(customerId), ...query } } }));

export const daySources = (customerId: Customer, date: string, signal: AbortSignal) =>
  dataOf(
    api.GET('/v1/day-sources', { signal, params: { query: { ...of(customerId), date, limit: '100' } } }),
  );

export const history = (customerId: string, range: Range, signal: AbortSignal) =>
  dataOf(
    api.GET('/v1/history', {
      signal,
      params: { query: { customer_id: customerId, ...range, limit: '1000' } },
    }),
  );

export const sources = (cursor: string | undefined, signal: AbortSignal) =>
  dataOf(
    api.GET('/v1/sources', {
      signal,
      params: { query: { limit: '50', ...(cursor === undefined ? {} : { cursor }) } },
    }),
  );

export const rejected = (cursor: string | undefined, signal: AbortSignal) =>
  dataOf(
    api.GET('/v1/rejected', {
      signal,
      params: { query: { limit: '50', ...(cursor === undefined ? {} : { cursor }) } },
    }),
  );

/** The links to a customer's page that were made last. */
export const links = (customerId: string, signal: AbortSignal) =>
  dataOf(api.GET('/v1/links', { signal, params: { query: { customer_id: customerId, limit: '50' } } }));

export const createLink = (body: {
  readonly customer_id: string;
  readonly kind: 'page' | 'embed';
  readonly name: string;
  readonly expires_in_s: number;
}) => dataOf(api.POST('/v1/links', { body }));

/** @throws {ProblemError} */
export async function revokeLink(id: string): Promise<void> {
  const { error, response } = await api.DELETE('/v1/links/{id}', { params: { path: { id } } });
  if (error !== undefined) await dataOf(Promise.resolve({ error, response }));
}
