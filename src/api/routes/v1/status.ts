/** How far daymark is behind the logs. */

import { Type } from 'typebox';
import type { Api } from '../../api.ts';
import { encodingOf, sendEncoded } from '../../encoding.ts';
import { assertJsonAccepted } from '../../forms.ts';
import { addVary } from '../../negotiation.ts';
import { problemResponses } from '../../problem.ts';
import { type Status, type StatusParts, type StoredStatus, statusOf } from '../../status.ts';
import { READ_ERRORS } from './parameters.ts';

const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

const time = (description: string, example = '2024-10-02T05:10:46.000Z') =>
  Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description,
    examples: [example],
  });

const StatusSchema = Type.Object(
  {
    version: Type.String({ description: 'The version of daymark.', examples: ['0.1.0'] }),
    database: Type.Unsafe<Status['database']>({
      type: 'string',
      enum: ['SQLite', 'PostgreSQL'],
      description: 'Where the statistics are.',
      examples: ['SQLite'],
    }),
    time_zone: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The time zone of the days. Null before the first commit.',
      examples: ['UTC'],
    }),
    time: Type.String({
      format: 'date-time',
      description: 'When this was answered, by the clock of the server.',
      examples: ['2024-10-03T08:00:01.234Z'],
    }),
    is_reading: Type.Boolean({
      description:
        'Whether the process that answers also reads logs (`up`). If not (`serve`), `bytes_behind`, `messages_behind`, `seconds_behind`, `waits_for` and `watermark` are not known, so they are null.',
      examples: [true],
    }),
    bytes_behind: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 0,
      description:
        'Bytes that the last poll found in the logs and that are not in the store. Null where that is not known, also while an archive is read or a log is away.',
      examples: [0],
    }),
    messages_behind: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 0,
      description:
        'The lag of topics of Kafka: messages that the last poll found in the partitions that this process reads and that are not in the store. Null where no topics are read, and while a broker is away.',
      examples: [0],
    }),
    seconds_behind: Type.Unsafe<number | null>({
      type: ['number', 'null'],
      minimum: 0,
      description:
        'All that stood in the logs so many seconds ago is in the store. Null where that is not known, also before everything was read once.',
      examples: [0.204],
    }),
    waits_for: Type.Unsafe<Status['waits_for']>({
      type: ['object', 'null'],
      properties: {
        code: {
          type: 'string',
          description: 'The error that it waits out; `docs/errors.md` lists the codes.',
        },
        since: { type: 'string', format: 'date-time', description: 'Since when.' },
      },
      required: ['code', 'since'],
      description:
        'What the reading of logs waits for. Null where it waits for nothing, or that is not known.',
      examples: [{ code: 'STORE_UNWRITABLE', since: '2024-10-03T07:59:00.000Z' }],
    }),
    last_commit: time('When the store last changed what it knows of a log, by the clock of the database.'),
    last_event: time('The greatest event time of all logs. Null where there is none.'),
    watermark: time(
      'The time up to which events are in the store: the least watermark of the live logs, or the greatest of all where none is live. Null without `WAIT_FOR_SYSTEM_DURATION`, while a live log has no accepted line, and where it is not known.',
    ),
    final_through: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'date',
      description: 'The last day that is final. Null where none is.',
      examples: ['2024-10-01'],
    }),
    sources: Type.Object(
      {
        live: Type.Integer({ minimum: 0 }),
        finished: Type.Integer({ minimum: 0 }),
        retired: Type.Integer({ minimum: 0 }),
      },
      {
        description: 'How many logs there are of each state; `/v1/sources` lists them.',
        examples: [{ live: 1, finished: 12, retired: 0 }],
      },
    ),
    lines: count('Lines of all logs: `accepted` + `rejected` + `dropped` + `excluded`.', 10_000),
    accepted: count('Lines that count.', 9_996),
    rejected: count('Lines that are no records.', 3),
    late: count('Late events.', 0),
    dropped: count('Late events that were dropped.', 0),
    excluded: count('Lines that do not count because of `EXCLUDE` or `INCLUDE`.', 1),
    readers: Type.Array(
      Type.Object({
        name: Type.String({
          description: 'The host and the process id, or `SOURCE_NAME`.',
          examples: ['reader-1:4711'],
        }),
        work: Type.String({ description: 'What it divides with others.', examples: ['kafka requests'] }),
        partitions: count('How many partitions it reads.', 6),
      }),
      {
        description:
          'The processes that divide the partitions of a topic, as their leases say. Empty where logs are files.',
        examples: [[{ name: 'reader-1:4711', work: 'kafka requests', partitions: 6 }]],
      },
    ),
  },
  { $id: 'Status', description: 'How far daymark is. `docs/operating.md` defines the lag.' },
);

const EXAMPLE: Status = {
  version: '0.1.0',
  database: 'SQLite',
  time_zone: 'UTC',
  time: '2024-10-03T08:00:01.234Z',
  is_reading: true,
  bytes_behind: 0,
  messages_behind: null,
  seconds_behind: 0.204,
  waits_for: null,
  last_commit: '2024-10-03T08:00:00.000Z',
  last_event: '2024-10-03T07:59:59.000Z',
  watermark: '2024-10-03T06:59:59.000Z',
  final_through: '2024-10-02',
  sources: { live: 1, finished: 12, retired: 0 },
  ...{ lines: 10_000, accepted: 9_996, rejected: 3, late: 0, dropped: 0, excluded: 1 },
  readers: [{ name: 'reader-1:4711', work: 'kafka requests', partitions: 6 }],
};

/** It is of one moment, so no cache keeps it. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** `GET /v1/status`. @param partsNow what is known beside the store. */
export function addStatusRoute(api: Api, stored: StoredStatus, partsNow: () => StatusParts): void {
  api.addSchema(StatusSchema);
  api.get(
    '/v1/status',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'getStatus',
        summary: 'How far daymark is behind the logs',
        tags: ['Operation'],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: {
            description: 'The lag, and all logs together.',
            content: {
              'application/json': { schema: Type.Ref('Status#'), examples: { status: { value: EXAMPLE } } },
            },
          },
          ...problemResponses(...READ_ERRORS),
        } as Record<number, object>,
      },
    },
    async (request, reply) => {
      assertJsonAccepted(request, reply);
      const [status, readers] = await Promise.all([stored.read(), stored.readers()]);
      const body = JSON.stringify(statusOf(status, readers, partsNow()));
      const encoding = encodingOf(request, body.length);
      addVary(reply.headers(HEADERS), 'Accept-Encoding');
      return sendEncoded(reply, body, encoding);
    },
  );
}
