/** The API of the server that the page came from. */

import { type components, createClient, dataOf, type paths } from 'daymark/client';

const api = createClient({ baseUrl: location.origin });

type Schemas = components['schemas'];
export type About = Schemas['About'];
export type Status = Schemas['Status'];
export type DailyStats = Schemas['DailyStats'];
export type SpanStats = Schemas['SpanStats'];
export type Summary = Schemas['CustomerSummary'];
export type HoursSummary = Schemas['HoursSummary'];
export type RankedCustomer = Schemas['RankedCustomer'];
export type DayChange = Schemas['DayChange'];
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

export const status = (signal: AbortSignal) => dataOf(api.GET('/v1/status', { signal }));

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
