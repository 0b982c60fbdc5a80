/** The stream of events. */

import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { DaymarkError } from '../../../errors.ts';
import { EVENT_RETRY_MS } from '../../../limits.ts';
import type { Api } from '../../api.ts';
import { clientAddress, networkOf } from '../../client-address.ts';
import type { EventStreams } from '../../events/event-streams.ts';
import { eventText, HEARTBEAT_TEXT, retryText } from '../../events/event-text.ts';
import { addVary, preferredMediaType, refusesIdentity } from '../../negotiation.ts';
import { noteAnswering } from '../../observe-requests.ts';
import { problemResponses } from '../../problem.ts';
import { READ_ERRORS } from './parameters.ts';

const MEDIA_TYPE = 'text/event-stream';

/** A proxy must pass on what there is: nginx would wait for more. */
const HEADERS = {
  'content-type': `${MEDIA_TYPE}; charset=utf-8`,
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

const EXAMPLE = [
  retryText(EVENT_RETRY_MS),
  eventText('current', 'u0YV1qVb3mZ2kq0cW7dXfA', new Date('2024-10-02T05:10:40.009Z')),
  eventText('change', 'Jm0wq8m5s3Yh1v9n2b6RtQ', new Date('2024-10-02T05:10:47.312Z')),
  HEARTBEAT_TEXT,
].join('');

/**
 * `GET /v1/events`. @param mayRead whether whoever sent a request may still read, judged anew.
 */
export function addEventsRoute(
  api: Api,
  streams: EventStreams,
  mayRead: (request: FastifyRequest) => boolean | Promise<boolean>,
): void {
  // Nobody waits for the end of a stream.
  api.addHook('preClose', (done) => {
    streams.close();
    done();
  });
  api.get(
    '/v1/events',
    {
      config: { access: 'reader', isEndless: true },
      schema: {
        operationId: 'streamEvents',
        summary: 'An event whenever answers may have changed',
        description:
          'Server-sent events. `change` comes within two seconds after a commit, and at most twice a second. It says that something was committed, and not what: ask again for what you show, with `If-None-Match`. `current` is the first event where nothing was missed. A comment comes where nothing else did for 15 seconds. `docs/api.md` explains more.',
        tags: ['Operation'],
        querystring: Type.Object({}, { additionalProperties: false }),
        headers: Type.Object({
          'last-event-id': Type.Optional(
            Type.String({
              description:
                'The last id that the client got. If it is not the present one, an event comes at once. `EventSource` sends it by itself.',
              examples: ['u0YV1qVb3mZ2kq0cW7dXfA'],
            }),
          ),
        }),
        response: {
          200: {
            description: 'A stream that does not end by itself.',
            content: { [MEDIA_TYPE]: { schema: Type.String(), examples: { usual: { value: EXAMPLE } } } },
          },
          ...problemResponses('NOT_ACCEPTABLE', 'TOO_MANY_STREAMS', ...READ_ERRORS),
        } as Record<number, object>,
      },
    },
    async (request, reply) => {
      addVary(reply, 'Accept');
      if (preferredMediaType(request.raw, [MEDIA_TYPE]) === undefined || refusesIdentity(request.raw))
        throw new DaymarkError('NOT_ACCEPTABLE', `Events come as \`${MEDIA_TYPE}\`, and are not encoded.`);
      reply.headers(HEADERS);
      if (request.method === 'HEAD') return reply.send(Readable.from([]));
      const { body } = await streams.open({
        owner: request.reader?.id || networkOf(clientAddress(request)),
        lastId: request.headers['last-event-id'],
        mayRead: () => mayRead(request),
        cut: () => reply.raw.destroy(),
      });
      noteAnswering(request);
      return reply.send(body);
    },
  );
}
