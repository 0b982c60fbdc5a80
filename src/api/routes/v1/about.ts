/** What clients must know before they ask: the zone of the days, and the target. */

import { Type } from 'typebox';
import type { AvailabilityDefinition } from '../../../statistics/availability.ts';
import { statusesText } from '../../../statuses.ts';
import type { AccessOptions } from '../../access/authenticators.ts';
import type { Api } from '../../api.ts';
import { etagOf, sendUnlessCurrent } from '../../conditional.ts';
import { assertJsonAccepted } from '../../forms.ts';
import type { StoredStatus } from '../../status.ts';
import { READ_ERRORS } from './parameters.ts';
import { jsonContent, taggedResponses } from './responses.ts';

const AboutSchema = Type.Object(
  {
    version: Type.String({ description: 'The version of daymark.', examples: ['0.1.0'] }),
    time_zone: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The time zone of the days. Null before the first commit.',
      examples: ['UTC'],
    }),
    target_percentage: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 100,
      description: 'The availability that customers may expect: the setting `TARGET_PERCENT`. Percent.',
      examples: [99.9],
    }),
    failed_statuses: Type.String({
      description:
        'The statuses that count as failures for the availability: the setting `FAILED_STATUSES`. 0: no response.',
      examples: ['0, 500-599'],
    }),
    ignored_statuses: Type.String({
      description:
        'The statuses that do not count for it at all: the setting `IGNORED_STATUSES`. Empty: all count.',
      examples: [''],
    }),
    is_guarded: Type.Boolean({
      description: 'Whether clients must send a key or a JWT for anything else.',
      examples: [false],
    }),
    auth: Type.Array(Type.String({ 'x-extensible-enum': ['keys', 'jwt'] }), {
      description:
        'What clients may send: keys of this server, JWTs of an identity provider. The setting `AUTH`; empty if it is `off`.',
      examples: [[]],
    }),
    embed_ancestors: Type.Array(Type.String(), {
      description:
        'The origins whose pages may show a customer in a frame, under `/embed`: the setting `EMBED_ANCESTORS`.',
      examples: [[]],
    }),
  },
  { $id: 'About', description: 'What holds for all answers of this server.' },
);

const EXAMPLE = {
  ...{ version: '0.1.0', time_zone: 'UTC', target_percentage: 99.9 },
  ...{ failed_statuses: '0, 500-599', ignored_statuses: '', is_guarded: false, auth: [] },
  embed_ancestors: [],
};

const HEADERS = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };

interface AboutParts {
  readonly version: string;
  readonly targetPercent: number;
  /** Undefined: clients need no key. */
  readonly access: AccessOptions | undefined;
  readonly embedAncestors: readonly string[];
  readonly availability: AvailabilityDefinition;
}

/** `GET /v1/about`. It needs no key, and has no number of any customer. */
export function addAboutRoute(
  api: Api,
  stored: StoredStatus,
  { version, targetPercent, access, availability, embedAncestors }: AboutParts,
): void {
  const auth = [...(access?.keys ? ['keys'] : []), ...(access?.jwt ? ['jwt'] : [])];
  const definition = {
    failed_statuses: statusesText(availability.failed),
    ignored_statuses: statusesText(availability.ignored),
  };
  api.addSchema(AboutSchema);
  api.get(
    '/v1/about',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getAbout',
        summary: 'The time zone and the target of this server',
        tags: ['Operation'],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: taggedResponses(
          {
            description: 'What holds for all answers of this server.',
            content: jsonContent(Type.Ref('About#'), EXAMPLE),
          },
          READ_ERRORS,
        ),
      },
    },
    async (request, reply) => {
      assertJsonAccepted(request, reply);
      const { timeZone } = await stored.read();
      const body = JSON.stringify({
        ...{ version, time_zone: timeZone, target_percentage: targetPercent },
        ...{ ...definition, is_guarded: access !== undefined, auth },
        embed_ancestors: embedAncestors,
      });
      reply.headers({ ...HEADERS, 'content-type': 'application/json; charset=utf-8' });
      return sendUnlessCurrent(request, reply, { body, etag: etagOf(body) });
    },
  );
}
