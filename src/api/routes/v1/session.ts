/** Who asks, and the sessions of browsers: a cookie in the place of a key. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { bug, DaymarkError } from '../../../errors.ts';
import type { Reader } from '../../access/reader.ts';
import { sessionCookie } from '../../access/session-cookie.ts';
import type { Sessions } from '../../access/sessions.ts';
import type { Api } from '../../api.ts';
import type { CustomerNames } from '../../customer-names.ts';
import { assertJsonAccepted } from '../../forms.ts';
import { problemResponses } from '../../problem.ts';
import { READ_ERRORS } from './parameters.ts';
import { jsonContent } from './responses.ts';

const SessionSchema = Type.Object(
  {
    role: Type.String({
      'x-extensible-enum': ['admin', 'customer', 'ingest'],
      description:
        '`admin` reads everything, `customer` the customers that are named here, `ingest` nothing: it hands in lines. Without `AUTH`, everybody is an admin.',
      examples: ['customer'],
    }),
    customers: Type.Array(
      Type.Object({
        customer_id: Type.String({ description: 'The id of the customer.', examples: ['cust_40'] }),
        customer_name: Type.Unsafe<string | null>({
          type: ['string', 'null'],
          description: 'Its name, from the `CUSTOMERS_FILE`. Null where it has none.',
          examples: ['Acme'],
        }),
      }),
      {
        description:
          'The customers that may be read. If the role is `ingest`: those whose lines may be handed in, and none means all.',
        examples: [[{ customer_id: 'cust_40', customer_name: 'Acme' }]],
      },
    ),
    is_session: Type.Boolean({
      description: 'Whether the cookie of a session was shown, and not a key or a JWT.',
      examples: [true],
    }),
    expires: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'date-time',
      description:
        'When the session ends, or else the key or the JWT. Null: a key that has no end, or no key is needed.',
      examples: ['2024-10-02T17:10:46Z'],
    }),
  },
  { $id: 'Session', description: 'Who asks, and what that one may read.' },
);

const EXAMPLE = {
  ...{ role: 'customer', customers: [{ customer_id: 'cust_40', customer_name: 'Acme' }] },
  ...{ is_session: true, expires: '2024-10-02T17:10:46Z' },
};

/** It is of one moment and of one client. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-type': 'application/json; charset=utf-8',
};

const NOTHING_ASKED = Type.Object({}, { additionalProperties: false });

const SET_COOKIE = {
  type: 'string',
  description:
    '`daymark_session`, over HTTPS `__Host-daymark_session`: `HttpOnly`, `SameSite=Strict`, for as long as the session lasts at the most.',
};

/** `GET`, `POST` and `DELETE /v1/session`. @param sessions undefined: nobody can sign in, and nobody has to. */
export function addSessionRoutes(api: Api, sessions: Sessions | undefined, customers: CustomerNames): void {
  api.addSchema(SessionSchema);
  const content = jsonContent(Type.Ref('Session#'), EXAMPLE);
  api.get(
    '/v1/session',
    {
      config: { access: 'self' },
      schema: {
        operationId: 'getSession',
        summary: 'Who asks',
        description:
          'Says what the key, the JWT or the session that came with this request may read, and until when.',
        tags: ['Access'],
        querystring: NOTHING_ASKED,
        response: {
          200: { description: 'Who asks.', content },
          ...problemResponses(...READ_ERRORS),
        },
      },
    },
    async (request, reply) => {
      assertJsonAccepted(request, reply);
      const { reader, session } = request;
      const expiresMs = session?.state === 'valid' ? session.expiresMs : (reader?.expiresMs ?? null);
      return send(reply, toldOf(readerOf(request), customers, session !== null, expiresMs));
    },
  );
  api.post(
    '/v1/session',
    {
      // Otherwise a session could go on for ever.
      config: { access: 'self', needsKey: true },
      schema: {
        operationId: 'createSession',
        summary: 'Sign in',
        description:
          'Begins a session of the key or the JWT in the header `Authorization`, and sets its cookie, which a browser then sends in the place of the key. The session ends with the key, and after `SESSION_DURATION`. A body is not looked at. Where nobody has to sign in, no cookie is set.',
        tags: ['Access'],
        querystring: NOTHING_ASKED,
        response: {
          200: {
            description: 'The session has begun.',
            headers: { 'Set-Cookie': SET_COOKIE },
            content,
          },
          ...problemResponses(
            ...READ_ERRORS,
            'UNAUTHENTICATED',
            'FORBIDDEN',
            'CROSS_ORIGIN',
            'SESSION_TOO_LARGE',
          ),
        },
      },
    },
    async (request, reply) => {
      assertJsonAccepted(request, reply);
      const reader = readerOf(request);
      const expiresMs = sessions ? await begin(request, reply, reader, sessions) : reader.expiresMs;
      return send(reply, toldOf(reader, customers, sessions !== undefined, expiresMs));
    },
  );
  api.delete(
    '/v1/session',
    {
      // Whoever signs out may have no session any more.
      config: { access: 'public' },
      schema: {
        operationId: 'deleteSession',
        summary: 'Sign out',
        description:
          'Has the browser forget the cookie of its session. Nothing is stored of a session on the server, so this ends it only there: to end a session that somebody else may have, revoke its key.',
        tags: ['Access'],
        querystring: NOTHING_ASKED,
        response: {
          204: {
            type: 'null',
            description: 'The browser has no session any more.',
            headers: { 'Set-Cookie': SET_COOKIE },
          },
          ...problemResponses(...READ_ERRORS, 'CROSS_ORIGIN'),
        },
      },
    },
    async (request, reply) =>
      reply
        .headers({ 'cache-control': 'no-store', 'set-cookie': sessionCookie(request, '', 0) })
        .code(204)
        .send(null),
  );
}

const send = (reply: FastifyReply, told: object) => reply.headers(HEADERS).send(JSON.stringify(told));

function readerOf({ reader }: FastifyRequest): Reader {
  if (reader === null) throw bug('the guard let nobody in');
  return reader;
}

/** @returns when the session ends. */
async function begin(
  request: FastifyRequest,
  reply: FastifyReply,
  reader: Reader,
  sessions: Sessions,
): Promise<number> {
  if (reader.isByLink)
    throw new DaymarkError('FORBIDDEN', 'A link opens its page by itself. Nobody signs in with it.');
  if (reader.role === 'ingest')
    throw new DaymarkError('FORBIDDEN', 'This key is for handing in lines, and reads nothing.');
  const session = await sessions.begin(reader);
  if (!session)
    throw new DaymarkError('SESSION_TOO_LARGE', `The token names ${reader.customers.length} customers.`);
  const leftS = Math.max(0, Math.floor((session.expiresMs - Date.now()) / 1000));
  reply.header('set-cookie', sessionCookie(request, session.token, leftS));
  return session.expiresMs;
}

function toldOf(reader: Reader, names: CustomerNames, isSession: boolean, expiresMs: number | null) {
  const ids = [...new Set(reader.customers.map((id) => names.idOf(id)))];
  return {
    role: reader.role,
    customers: ids.map((id) => ({ customer_id: id, customer_name: names.nameOf(id) ?? null })),
    is_session: isSession,
    expires: expiresMs === null ? null : new Date(expiresMs).toISOString(),
  };
}
