/**
 * Who gets what: a table that names every operation of the OpenAPI document, and clients that ask for them. The expectation is
 * computed here, not by the program.
 */

import { Agent, request as httpRequest } from 'node:http';
import { expect, type TestContext } from 'vitest';
import { type Credential, OTHER, OWN, type Sender, UNKNOWN } from './credentials.ts';

export type Rule = 'public' | 'reader' | 'customer' | 'everybody' | 'operator' | 'self' | 'ingest';

/** What each operation is. An operation that is not here fails the test: decide who may read it. */
export const RULES: Readonly<Record<string, Rule>> = {
  isLive: 'public',
  isReady: 'public',
  getAbout: 'public',
  getBadge: 'public',
  getBadgeData: 'public',
  createLink: 'operator',
  listLinks: 'operator',
  revokeLink: 'operator',
  getSession: 'self',
  createSession: 'self',
  deleteSession: 'public',
  getCustomerStats: 'customer',
  getStats: 'customer',
  getCustomerSpans: 'customer',
  getSpans: 'customer',
  getCustomerSummary: 'customer',
  getSummary: 'customer',
  getCustomerEndpoints: 'customer',
  getEndpoints: 'customer',
  getStatuses: 'customer',
  getHoursSummary: 'customer',
  getCustomer: 'customer',
  getCustomerInQuery: 'customer',
  rankCustomers: 'everybody',
  listNewCustomers: 'everybody',
  listSilentCustomers: 'everybody',
  listWorstDays: 'everybody',
  listSources: 'operator',
  listCustomerDaySources: 'operator',
  listDaySources: 'operator',
  listCustomerChanges: 'operator',
  listChanges: 'operator',
  listRejectedLines: 'operator',
  getStatus: 'operator',
  getMetrics: 'operator',
  streamEvents: 'reader',
  ingestLines: 'ingest',
  exportLogs: 'ingest',
};

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly object[];
  readonly 'x-daymark-access': Rule;
}

export interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, Operation>> & { readonly get?: Operation }>
  >;
}

export const DAY = '2024-10-02';
const VALUES: Readonly<Record<string, string>> = {
  ...{ from: DAY, to: DAY, date: DAY },
  ...{ from_hour: `${DAY}T00:00:00Z`, to_hour: `${DAY}T23:00:00Z` },
};

/** A request, and the customer that it names. */
interface Asked {
  readonly path: string;
  readonly customer: string | undefined;
}

/** The requests of an operation: for each customer that it can name, and for none where it need not name one. */
export function requestsOf(path: string, { parameters = [] }: Operation): Asked[] {
  const place = parameters.find(({ name }) => name === 'customer_id');
  const others = parameters.filter(({ name, required }) => required && name !== 'customer_id');
  const query = others.map(({ name }) => `${name}=${VALUES[name]}`);
  const naming = (customer: string): Asked => {
    const words = place?.in === 'query' ? [...query, `customer_id=${customer}`] : query;
    return { path: `${path.replace('{customer_id}', customer)}?${words.join('&')}`, customer };
  };
  const named = place ? [OWN, OTHER, UNKNOWN].map(naming) : [];
  const isOptional = !place || (place.in === 'query' && !place.required);
  return isOptional ? [...named, { path: `${path}?${query.join('&')}`, customer: undefined }] : named;
}

/** 0: it is answered, as it would be without keys. */
export function refusal(rule: Rule, sender: Sender, customer: string | undefined): number {
  if (rule === 'public') return 0;
  if (sender === 'nobody') return 401;
  if (rule === 'ingest') return sender === 'ingest' ? 0 : 403;
  if (sender === 'admin' || rule === 'self') return 0;
  if (sender === 'ingest') return 403;
  if (rule === 'reader') return 0;
  if (rule !== 'customer' || customer === undefined) return 403;
  return customer === (sender === 'own' ? OWN : OTHER) ? 0 : 404;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The port of the client. */
  readonly port: number;
}

let clients = 0;

/** An address that no other client has: failed attempts are counted by address. */
export function newAddress(): string {
  return `127.1.${clients >> 8}.${clients++ & 255}`;
}

/** A client on one connection. */
export function newClient(
  context: Pick<TestContext, 'onTestFinished'>,
  base: string,
  localAddress = newAddress(),
) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  context.onTestFinished(() => agent.destroy());
  return (path: string, headers: Record<string, string>, method = 'GET', content?: string) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = httpRequest(base + path, { agent, localAddress, method, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text) => {
          body += text;
        });
        const { statusCode: status = 0, headers: answered, socket } = response;
        const port = socket.localPort ?? 0;
        const done = () => resolve({ status, headers: answered, body, port });
        response.on('end', done);
        // A stream does not end by itself.
        const isEndless = answered['content-type']?.startsWith('text/event-stream');
        if (isEndless && method === 'GET')
          response.once('data', () => {
            response.destroy();
            done();
          });
      });
      sent.on('error', reject).end(content);
    });
}

export const headersOf = ({ authorization, cookie }: Credential): Record<string, string> => ({
  ...(authorization === undefined ? {} : { authorization }),
  ...(cookie === undefined ? {} : { cookie }),
});

/** No answer has a row of a customer that the sender may not read, nor the secret that it sent. */
export function assertTellsNothing(
  answer: Answer,
  { sender, authorization, cookie }: Credential,
  customer: string | undefined,
): void {
  const text = JSON.stringify([answer.body, answer.headers]);
  for (const secret of [authorization?.split(' ')[1], cookie?.split('=')[1]])
    if (secret) expect(text).not.toContain(secret);
  const hidden = sender === 'own' ? [OTHER] : sender === 'other' ? [OWN] : [OWN, OTHER];
  // The customer that was asked for is repeated.
  if (sender !== 'admin') for (const id of hidden) if (id !== customer) expect(text).not.toContain(id);
  if (answer.status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
  if (answer.status >= 400) expect(answer.headers['cache-control']).toBe('no-store');
}
