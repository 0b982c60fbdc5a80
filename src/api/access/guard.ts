/** Decides for every request who asks, and whether that one may read what it asks for. No route can forget it. */

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { bug, DaymarkError } from '../../errors.ts';
import { clientAddress } from '../client-address.ts';
import type { CustomerNames } from '../customer-names.ts';
import type { NewLimit, Use } from '../limits/client-limit.ts';
import { addVary } from '../negotiation.ts';
import { FAILED_ATTEMPTS, FailedAttempts } from './failed-attempts.ts';
import { ANYBODY, type Authenticator, type Reader } from './reader.ts';
import { sessionTokenOf } from './session-cookie.ts';
import type { FoundSession, Sessions } from './sessions.ts';
import { unknownCustomer } from './unknown-customer.ts';

/**
 * Who may read a resource. `public`: anybody, without a key; it has no number of any customer. `customer`: it is about the
 * customers that its `customer_id` names, and who may read these may read it; without one it is about everybody. `everybody`:
 * numbers of all customers. `operator`: how daymark works. Only an admin reads the last two. `self`: who asks, for everybody whose key
 * is valid. `reader`: whoever may read anything; it has no number of any customer. `ingest`: it takes lines, and reads nothing; only
 * an ingest key hands them in, and no admin's.
 */
type Access = 'public' | 'reader' | 'customer' | 'everybody' | 'operator' | 'self' | 'ingest';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route has it. The app does not start otherwise. */
    access?: Access;
    /** True for a route that a session does not open, but only a key or a JWT. */
    needsKey?: boolean;
  }
  interface FastifyRequest {
    /** Null before the guard has run, and for public resources. */
    reader: Reader | null;
    /** What came of its cookie. Null where nobody looked at one: without one, beside a key, and for public resources. */
    session: FoundSession | null;
  }
}

const CHALLENGE = 'Bearer realm="daymark"';
const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;

/** What the two hooks of the guard share. */
export interface Guard {
  readonly authenticator: Authenticator;
  /** Undefined: nobody can sign in. */
  readonly sessions: Sessions | undefined;
  readonly customers: CustomerNames;
  readonly failed: FailedAttempts;
}

export function guardOf(
  { authenticator, sessions, customers }: Omit<Guard, 'failed'>,
  newLimit: NewLimit,
): Guard {
  return {
    authenticator,
    sessions,
    customers,
    failed: new FailedAttempts(newLimit('failures', FAILED_ATTEMPTS)),
  };
}

/**
 * Finds out who asks, of all requests, those included that no route takes. It refuses nobody: what counts requests comes
 * between it and {@link refuseOthers}, and must know whose they are. Call it behind CORS: a preflight has no key, and pages must
 * be able to read a refusal.
 * @param guard undefined: everybody may read everything.
 */
export function identifyReaders(app: FastifyInstance, guard: Guard | undefined): void {
  app.decorateRequest('reader', null);
  app.decorateRequest('session', null);
  if (guard) app.addHook('onRequest', identifyBy(guard));
  else
    app.addHook('onRequest', (request, _reply, done) => {
      request.reader = ANYBODY;
      done();
    });
}

/**
 * Refuses whoever may not read what it asks for, of all routes, what no route takes included. It runs before any handler and any
 * cached answer, in `onRequest`. A request without a reader is refused, so nobody passes because something before it did not run.
 */
export function refuseOthers(app: FastifyInstance, guard: Guard | undefined): void {
  if (!guard) return;
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request, reply, guard);
    if (refusal instanceof Promise) refusal.then(done, done);
    else done(refusal);
  });
  app.addHook('onSend', keepPrivate);
}

/**
 * Lets the app start only if each route says who may read it. Call it before any route is added. The rule also goes into the
 * OpenAPI document.
 */
export function demandRules(app: FastifyInstance, isGuarded: boolean): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
    const { access, needsKey = false } = route.config ?? {};
    if (!access || !route.schema || !isGuarded) return;
    const ways = [{ bearer: [] }, ...(needsKey ? [] : [{ session: [] }])];
    const security = access === 'public' ? [] : ways;
    route.schema = { ...route.schema, security, 'x-daymark-access': access } as typeof route.schema;
  });
  app.addHook('onReady', (done) => {
    for (const route of routes) assertRule(route);
    done();
  });
}

function assertRule({ url, method, config, schema }: RouteOptions): void {
  if (config?.access === undefined) throw bug(`the route ${method} ${url} does not say who may read it`);
  const query = (schema?.querystring as { properties?: object } | undefined)?.properties ?? {};
  if (config.access === 'customer' && !url.includes('/:customer_id') && !('customer_id' in query))
    throw bug(`the route ${method} ${url} is about a customer, and does not take one`);
}

function identifyBy(guard: Guard) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    if (request.routeOptions.config.access === 'public') {
      done();
      return;
    }
    addVary(reply, 'Authorization, Cookie');
    const note = (reader: Reader | undefined): void => {
      request.reader = reader ?? null;
      done();
    };
    const found = readerOf(request, guard);
    // A promise would cost each request a turn of the queue.
    if (found instanceof Promise) found.then(note, done);
    else note(found);
  };
}

/**
 * Whether whoever sent a request may still read, for an answer that lasts. @param guard undefined: everybody may.
 * @throws {DaymarkError} where that cannot be known.
 */
export function mayStillRead(request: FastifyRequest, guard: Guard | undefined): boolean | Promise<boolean> {
  if (!guard) return true;
  const isSame = (reader: Reader | undefined) => reader !== undefined && reader.id === request.reader?.id;
  const found = readerOf(request, guard);
  return found instanceof Promise ? found.then(isSame) : isSame(found);
}

/** Who sends a request, by its credential, or by its session if it has none. */
function readerOf(
  request: FastifyRequest,
  { authenticator, sessions, failed }: Guard,
): Reader | undefined | Promise<Reader | undefined> {
  const mayAsk = (): boolean => failed.waitMs(clientAddress(request)) === 0;
  const isByCookie = !request.routeOptions.config.needsKey && request.headers.authorization === undefined;
  const token = isByCookie ? sessionTokenOf(request) : undefined;
  if (sessions && token !== undefined) {
    const noteSession = (session: FoundSession): Reader | undefined => {
      request.session = session;
      return session.state === 'valid' ? session.reader : undefined;
    };
    const session = sessions.find(token, mayAsk());
    return session instanceof Promise ? session.then(noteSession) : noteSession(session);
  }
  const credential = credentialOf(request);
  return credential === undefined ? undefined : authenticator.authenticate(credential, mayAsk());
}

function credentialOf({ headers }: FastifyRequest): string | undefined {
  return BEARER.exec(headers.authorization ?? '')?.[1];
}

/** @returns undefined where the request may go on. */
function refusalOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { authenticator, customers, failed }: Guard,
): DaymarkError | undefined | Promise<DaymarkError> {
  const { access } = request.routeOptions.config;
  if (access === 'public') return undefined;
  if (!request.reader) return whyUnknown(request, reply, authenticator, failed);
  return whyForbidden(request, request.reader, access, customers);
}

function whyUnknown(
  request: FastifyRequest,
  reply: FastifyReply,
  authenticator: Authenticator,
  failed: FailedAttempts,
): DaymarkError | Promise<DaymarkError> {
  const { session } = request;
  if (request.headers.authorization === undefined && session?.state !== 'forged') {
    reply.header('www-authenticate', CHALLENGE);
    // Whoever had a session guesses nothing, so this does not count as a failure.
    const what = session ? 'The session is over. Sign in again, or send' : 'Send';
    return new DaymarkError('UNAUTHENTICATED', `${what} a key: \`Authorization: Bearer …\`.`);
  }
  const why = whyRefused(request, authenticator);
  const use = failed.note(clientAddress(request));
  return use instanceof Promise
    ? use.then((known) => whyInvalid(reply, known, why))
    : whyInvalid(reply, use, why);
}

/** One text for every credential that is not valid, whatever is wrong with it. Whoever signs in with a whole key is told more. */
function whyRefused(request: FastifyRequest, authenticator: Authenticator): string {
  const { session, routeOptions } = request;
  if (session) return 'The session is not valid. Sign in again.';
  const told = routeOptions.config.access === 'self' && authenticator.whyNot?.(credentialOf(request) ?? '');
  return told || 'The key is not valid: it is malformed, unknown, expired or revoked.';
}

function whyInvalid(reply: FastifyReply, { isAllowed, waitMs }: Use, why: string): DaymarkError {
  if (!isAllowed) {
    reply.header('retry-after', Math.ceil(waitMs / 1000));
    return new DaymarkError('RATE_LIMITED', 'This address has sent too many keys that are not valid.');
  }
  reply.header('www-authenticate', `${CHALLENGE}, error="invalid_token"`);
  return new DaymarkError('UNAUTHENTICATED', why);
}

/** @returns undefined where the reader may read it. What is no route is answered to any reader. */
function whyForbidden(
  request: FastifyRequest,
  reader: Reader,
  access: Access | undefined,
  customers: CustomerNames,
): DaymarkError | undefined {
  const { role } = reader;
  if (access === 'ingest') {
    if (role === 'ingest') return undefined;
    return new DaymarkError(
      'FORBIDDEN',
      'This key reads, and hands in no lines. Send one that was made with `--ingest`.',
    );
  }
  if (role === 'admin' || access === 'self' || (access === undefined && request.is404)) return undefined;
  if (access === 'reader' && role === 'customer') return undefined;
  const asked = role === 'customer' && access === 'customer' ? customersAsked(request) : new Set<string>();
  if (asked.size === 0)
    return new DaymarkError('FORBIDDEN', 'This key does not read this, whatever the customer.');
  const targets = new Map(Array.from(asked, (id) => [id, customers.idOf(id)]));
  if (!areOwn(targets.values(), reader, customers)) return unknownCustomer(request);
  resolve(request, targets);
  return undefined;
}

const ownIds = new WeakMap<Reader, ReadonlySet<string>>();

/** Whether a reader may read all of these customers. Its own ones may be aliases, which can change with each request. */
function areOwn(ids: Iterable<string>, reader: Reader, customers: CustomerNames): boolean {
  const own = ownIds.get(reader) ?? new Set(reader.customers);
  ownIds.set(reader, own);
  let resolved: ReadonlySet<string> | undefined;
  for (const id of ids) {
    if (own.has(id)) continue;
    resolved ??= new Set(reader.customers.map((one) => customers.idOf(one)));
    if (!resolved.has(id)) return false;
  }
  return true;
}

interface CustomerPlace {
  customer_id?: string | string[];
}

function placesOf({ params, query }: Pick<FastifyRequest, 'params' | 'query'>): CustomerPlace[] {
  return [params, query] as CustomerPlace[];
}

/** The customers that a request names in its path and its query. A parameter that is given twice is refused later. */
function customersAsked(request: FastifyRequest): Set<string> {
  return new Set(placesOf(request).flatMap(({ customer_id: id }) => id ?? []));
}

/** Puts ids in the place of aliases: an alias that moved before the handler runs must not lead it to another customer. */
function resolve(request: FastifyRequest, targets: ReadonlyMap<string, string>): void {
  for (const place of placesOf(request))
    if (typeof place.customer_id === 'string')
      place.customer_id = targets.get(place.customer_id) ?? place.customer_id;
}

/** No cache that several clients share may keep what only some of them may read. */
function keepPrivate<T>(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: T,
  done: (error: null, payload: T) => void,
): void {
  const isPublic = reply.request.routeOptions.config.access === 'public';
  if (!isPublic && reply.getHeader('cache-control') === 'no-cache')
    reply.header('cache-control', 'private, no-cache');
  done(null, payload);
}
