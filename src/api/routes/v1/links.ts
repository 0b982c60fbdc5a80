/** Links that show one customer's page: an admin makes, lists and revokes them. */

import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { DaymarkError, type ErrorCode } from '../../../errors.ts';
import {
  DEFAULT_LINK_AGE_MS,
  MAX_LINK_AGE_MS,
  MAX_LINK_NAME_CHARACTERS,
  MAX_REQUEST_BODY_BYTES,
  MIN_LINK_AGE_S,
} from '../../../limits.ts';
import type { Link, LinkKind, StoreSnapshot } from '../../../store/contract.ts';
import type { TokenSigner } from '../../access/token-signer.ts';
import type { Api } from '../../api.ts';
import type { CustomerNames } from '../../customer-names.ts';
import { assertJsonAccepted, FormatSchema, formOf } from '../../forms.ts';
import { assertKnownCustomer, customerShown } from '../../known-customer.ts';
import { isLinkId, LINK_FIELDS, makeLink, pathOfLink, shownLink } from '../../links.ts';
import { sendPage } from '../../lists.ts';
import { decodeCursor, encodeCursor, FIRST_PLACE } from '../../page-cursor.ts';
import { problemResponses } from '../../problem.ts';
import type { StatsReader } from '../../stats-reader.ts';
import { CustomerIdSchema, checkCustomerId, checkQueryEscapes } from '../../validation.ts';
import { CursorSchema, LimitSchema, limitOf, NextCursorSchema, READ_ERRORS } from './parameters.ts';
import { exampleOf } from './range-schemas.ts';
import { jsonContent, listContent, taggedResponses } from './responses.ts';

const instant = (description: string, example: string) =>
  Type.String({ format: 'date-time', description, examples: [example] });

const LINK = {
  id: Type.String({
    description: 'The public id of the link. It opens nothing.',
    examples: ['5f0c1d2e3a4b5c6d'],
  }),
  customer_id: CustomerIdSchema,
  kind: Type.Unsafe<LinkKind>({
    type: 'string',
    enum: ['page', 'embed'],
    description: '`page`: a page of its own. `embed`: in a frame of another site.',
    examples: ['page'],
  }),
  name: Type.String({ description: 'What it is for. May be empty.', examples: ['Acme, for the review'] }),
  state: Type.Unsafe<'valid' | 'expired' | 'revoked'>({
    type: 'string',
    enum: ['valid', 'expired', 'revoked'],
    description: 'Whether it opens the page.',
    examples: ['valid'],
  }),
  created: instant('When it was made.', '2026-11-29T10:00:00.000Z'),
  created_by: Type.String({
    description: 'Who made it: the id of a key, what is known of a JWT, or `command line`.',
    examples: ['key 0123456789abcdef'],
  }),
  expires: instant('When it ends.', '2026-12-29T10:00:00.000Z'),
  revoked: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'When it was revoked. Null: it was not.',
    examples: [null],
  }),
};

const LinkSchema = Type.Object(LINK, {
  $id: 'Link',
  description: 'A link that shows one customer’s page. What opens it is not among its fields.',
});

const NewLinkSchema = Type.Object(
  {
    ...LINK,
    token: Type.String({
      description:
        'What opens the page. It is shown only now. Send it to the API as `Authorization: Bearer …`, or open `path`.',
      examples: [
        '1.5f0c1d2e.eyJsaWQiOiI1ZjBjMWQyZTNhNGI1YzZkIn0.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
      ],
    }),
    path: Type.String({
      description:
        'Where the page is, behind the address of this server. The token stands behind `#`, which browsers send to nobody.',
      examples: ['/customer?id=cust_40#link=1.5f0c1d2e.eyJsaWQi…'],
    }),
  },
  { $id: 'NewLink', description: 'A link that was just made.' },
);

const LinksSchema = Type.Object(
  {
    links: Type.Array(Type.Ref('Link#'), { description: 'Those first that were made last.', examples: [[]] }),
    next_cursor: NextCursorSchema,
  },
  { $id: 'Links', description: 'A page of links.' },
);

const EXAMPLE = exampleOf(LINK);

const LIST = 'links';

const BODY = Type.Object(
  {
    customer_id: CustomerIdSchema,
    kind: Type.Optional(LINK.kind),
    name: Type.Optional(
      Type.String({
        maxLength: MAX_LINK_NAME_CHARACTERS,
        pattern: '^[^\\u0000-\\u001f\\u007f]*$',
        description: 'What it is for, or who gets it. Without it: empty.',
        examples: ['Acme, for the review'],
      }),
    ),
    expires_in_s: Type.Optional(
      Type.Integer({
        minimum: MIN_LINK_AGE_S,
        maximum: MAX_LINK_AGE_MS / 1000,
        description: `In how many seconds it ends. Without it: ${DEFAULT_LINK_AGE_MS / 1000} (30 days).`,
        examples: [604_800],
      }),
    ),
  },
  { additionalProperties: false },
);

/** What the routes of links need. */
export interface LinkSources {
  readonly store: Pick<StatsReader, 'readSnapshot' | 'links'>;
  readonly customers: CustomerNames;
  /** Undefined: everybody may read everything, so a link would hide nothing. */
  readonly signer: Pick<TokenSigner, 'sign'> | undefined;
}

const CHANGE_ERRORS: readonly ErrorCode[] = [...READ_ERRORS, 'API_READS_ONLY', 'LINKS_NEED_AUTH'];

/** `POST /v1/links`, `GET /v1/links` and `DELETE /v1/links/{id}`. */
export function addLinkRoutes(api: Api, sources: LinkSources): void {
  for (const schema of [LinkSchema, NewLinkSchema, LinksSchema]) api.addSchema(schema);
  addListRoute(api, sources);
  addRevokeRoute(api, sources);
  // In a scope of its own: no other route takes a body.
  api.register(async (scope) => {
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: MAX_REQUEST_BODY_BYTES },
      scope.getDefaultJsonParser('error', 'error'),
    );
    // By now it is known that the client may send one.
    scope.addHook('preParsing', (request, reply, payload, done) => {
      if (request.headers.expect !== undefined) reply.raw.writeContinue();
      done(null, payload);
    });
    addCreateRoute(scope, sources);
  });
}

function addCreateRoute(api: Api, sources: LinkSources): void {
  api.post(
    '/v1/links',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'createLink',
        summary: 'Make a link',
        description:
          'Makes a link that shows one customer’s page, read-only, to whoever has it: until it expires or is revoked. The server of a portal makes fresh ones for frames (`embed`) in this way.',
        tags: ['Access'],
        body: BODY,
        response: {
          201: {
            description: 'The link, with the token that opens it.',
            content: jsonContent(Type.Ref('NewLink#'), exampleOf(NewLinkSchema.properties)),
          },
          ...problemResponses(...CHANGE_ERRORS, 'CUSTOMER_UNKNOWN', 'CUSTOMER_NOT_PUBLIC', 'TOO_MANY_LINKS'),
        },
      },
    },
    async (request, reply) => {
      assertJsonAccepted(request, reply);
      const { customer_id: asked, kind = 'page', name = '', expires_in_s: ageS } = request.body;
      const signer = signerOf(sources);
      checkCustomerId(asked);
      const { customers, store } = sources;
      const { links } = store;
      const customer = customers.idOf(asked);
      const isPublic = (id: string) => customers.isPublic(id);
      if (!isPublic(customer))
        await store.readSnapshot((snapshot: StoreSnapshot) =>
          assertKnownCustomer(snapshot, customerShown(customers, customer)),
        );
      const nowMs = Date.now();
      const expiresMs = nowMs + (ageS === undefined ? DEFAULT_LINK_AGE_MS : 1000 * ageS);
      const link = { customer, kind, name, createdBy: request.reader?.id ?? '', expiresMs };
      const made = await writing(makeLink({ links, signer, isPublic }, link, nowMs));
      const body = {
        ...shownLink(made.link, nowMs),
        ...{ token: made.token, path: pathOfLink(made.link, made.token) },
      };
      return sendUnkept(reply.code(201), body);
    },
  );
}

function addListRoute(api: Api, { store, customers }: LinkSources): void {
  api.get(
    '/v1/links',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'listLinks',
        summary: 'Links that were made',
        description:
          'Revoked ones and, for a while, expired ones are among them. What opens them is not shown.',
        tags: ['Access'],
        querystring: Type.Object(
          {
            customer_id: Type.Optional(CustomerIdSchema),
            limit: Type.Optional(LimitSchema),
            cursor: Type.Optional(CursorSchema),
            format: FormatSchema,
          },
          { additionalProperties: false },
        ),
        response: taggedResponses(
          {
            description: 'A page of links.',
            content: listContent({
              schema: Type.Ref('Links#'),
              example: { links: [EXAMPLE], next_cursor: null },
              ...{ rows: [EXAMPLE], columns: LINK_FIELDS },
            }),
            isPaged: true,
          },
          READ_ERRORS,
        ),
      },
    },
    async (request, reply) => {
      checkQueryEscapes(request.url);
      const { customer_id: asked, limit, cursor, format } = request.query;
      const form = formOf(request, reply, format);
      if (asked !== undefined) checkCustomerId(asked);
      const customer = asked === undefined ? undefined : customers.idOf(asked);
      const place = decodeCursor(LIST, cursor);
      const after = place === FIRST_PLACE ? undefined : { id: place.id, createdMs: place.offset };
      const most = limitOf(limit);
      const found = await store.links.list({ customer, after, limit: most + 1 });
      const shown = found.slice(0, most);
      const last = found.length > most ? shown.at(-1) : undefined;
      const nowMs = Date.now();
      return sendPage(request, reply, form, {
        ...{ name: LIST, columns: LINK_FIELDS, rows: shown.map((link) => shownLink(link, nowMs)) },
        next: last ? encodeCursor(LIST, placeOf(last)) : null,
      });
    },
  );
}

const placeOf = ({ id, createdMs }: Link) => ({ id, offset: createdMs });

function addRevokeRoute(api: Api, sources: LinkSources): void {
  api.delete(
    '/v1/links/:id',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'revokeLink',
        summary: 'Revoke a link',
        description: 'Makes a link invalid for ever. All running APIs refuse it within a second.',
        tags: ['Access'],
        params: Type.Object({
          id: Type.String({ description: 'The public id of the link.', examples: ['5f0c1d2e3a4b5c6d'] }),
        }),
        response: {
          204: { type: 'null', description: 'It is revoked. It may have been before.' },
          ...problemResponses(...CHANGE_ERRORS, 'LINK_UNKNOWN'),
        },
      },
    },
    async (request, reply) => {
      signerOf(sources);
      const { id } = request.params;
      // The id is not in the message: it may be a whole token.
      if (!isLinkId(id) || !(await writing(sources.store.links.revoke(id, Date.now()))))
        throw new DaymarkError('LINK_UNKNOWN', 'There is no link of this id.');
      return reply.header('cache-control', 'no-store').code(204).send(null);
    },
  );
}

/** @throws {DaymarkError} LINKS_NEED_AUTH where everybody could change links. */
function signerOf({ signer }: LinkSources): NonNullable<LinkSources['signer']> {
  if (signer) return signer;
  throw new DaymarkError('LINKS_NEED_AUTH', '`AUTH` is off, so everybody reads everything without a link.');
}

/** What a user of the database who may only read is refused. */
const READ_ONLY: ReadonlySet<ErrorCode> = new Set(['STORE_REFUSED', 'STORE_UNWRITABLE']);

/** @throws {DaymarkError} API_READS_ONLY, with what the database said as the cause. */
async function writing<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    if (!(cause instanceof DaymarkError) || !READ_ONLY.has(cause.code)) throw cause;
    throw new DaymarkError('API_READS_ONLY', 'This API may read its database, and not write to it.', {
      cause,
    });
  }
}

/** It holds what opens the page, so nobody may keep it. */
function sendUnkept(reply: FastifyReply, body: object): FastifyReply {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  return reply.headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
