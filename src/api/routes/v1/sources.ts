/** What was read of each log. */

import { Type } from 'typebox';
import type { Api } from '../../api.ts';
import { FormatSchema, formOf } from '../../forms.ts';
import type { InputWords } from '../../input-words.ts';
import { sendPage } from '../../lists.ts';
import { decodeCursor } from '../../page-cursor.ts';
import { SOURCE_COLUMNS, SOURCES, sourcesPage } from '../../sources.ts';
import type { StatsReader } from '../../stats-reader.ts';
import { checkQueryEscapes } from '../../validation.ts';
import {
  CursorSchema,
  LimitSchema,
  limitOf,
  NextCursorSchema,
  READ_ERRORS,
  SourceNameSchema,
} from './parameters.ts';
import { listContent, taggedResponses } from './responses.ts';

const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

const time = (description: string) =>
  Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description,
    examples: ['2024-10-02T05:10:46.000Z'],
  });

export const StateSchema = Type.Unsafe<'live' | 'finished' | 'retired'>({
  type: 'string',
  enum: ['live', 'finished', 'retired'],
  description:
    '`live`: it may grow. `finished`: nothing more will come, because it was read to its end or rewritten. `retired`: an earlier version saw that it was rewritten.',
  examples: ['live'],
});

export const SourceNameOfHostSchema = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  description:
    'The `SOURCE_NAME` of the host that the log is on. Null where none was set, or every process can read it.',
  examples: ['web-1'],
});

const SourceSchema = Type.Object(
  {
    id: Type.String({ description: 'It never changes.', examples: ['0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11'] }),
    name: Type.String({
      description: 'The path of the file. A rotation changes it.',
      examples: ['/logs/api.log'],
    }),
    state: StateSchema,
    offset: count(
      'Its position: what lies before it is in the store. Only the source knows what the number means, so only compare it.',
      615_234,
    ),
    at: Type.String({ description: 'The position in words.', examples: ['byte 615,234'] }),
    lines: count('Lines that are in the store: `accepted` + `rejected` + `dropped` + `excluded`.', 10_000),
    accepted: count('Lines that count.', 9_996),
    rejected: count('Lines that are no records.', 3),
    rejected_by_reason: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
      description: 'The rejected lines by reason. They add up to `rejected`.',
      examples: [{ invalid_timestamp: 2, empty_line: 1 }],
    }),
    late: count('Late events. Those that were not dropped are among the accepted lines.', 0),
    dropped: count('Late events that were dropped (`LATE_EVENTS=drop`).', 0),
    excluded: count('Lines that do not count because of `EXCLUDE` or `INCLUDE`.', 1),
    first_event: time('The least event time of the accepted lines. Null where there is none.'),
    last_event: time('The greatest event time of the accepted lines. Null where there is none.'),
    added: time('When it was found. Null where an earlier version found it.'),
    moved: time('When this ledger last changed, by the clock of the database.'),
    source_name: SourceNameOfHostSchema,
  },
  { $id: 'Source', description: 'A log, and what became of its lines.' },
);

const SourcesSchema = Type.Object(
  {
    sources: Type.Array(Type.Ref('Source#'), { description: 'By id.', examples: [[]] }),
    next_cursor: NextCursorSchema,
  },
  { $id: 'Sources', description: 'A page of logs.' },
);

const EXAMPLE = {
  sources: [
    {
      id: '0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11',
      name: '/logs/api.log',
      state: 'live',
      offset: 615_234,
      at: 'byte 615,234',
      lines: 10_000,
      accepted: 9_996,
      rejected: 3,
      rejected_by_reason: { empty_line: 1, invalid_timestamp: 2 },
      late: 0,
      dropped: 0,
      excluded: 1,
      first_event: '2024-09-03T00:00:12.000Z',
      last_event: '2024-10-02T23:59:46.000Z',
      added: '2024-10-03T08:00:00.123Z',
      moved: '2024-10-03T08:00:01.000Z',
      source_name: 'web-1',
    },
  ],
  next_cursor: null,
};

/** `GET /v1/sources`. */
export function addSourcesRoute(api: Api, store: Pick<StatsReader, 'ledgerPage'>, words: InputWords): void {
  api.addSchema(SourceSchema);
  api.addSchema(SourcesSchema);
  api.get(
    '/v1/sources',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'listSources',
        summary: 'What was read of each log',
        description:
          'The ledger of each log that was ever read, by id. Each ledger adds up by itself. Pages stay right while logs are added: none is missed, and none comes twice.',
        tags: ['Operation'],
        querystring: Type.Object(
          {
            state: Type.Optional(StateSchema),
            source: Type.Optional(SourceNameSchema),
            limit: Type.Optional(LimitSchema),
            cursor: Type.Optional(CursorSchema),
            format: FormatSchema,
          },
          { additionalProperties: false },
        ),
        response: taggedResponses(
          {
            description: 'A page of logs. Empty where there are none, or none of that state or name.',
            content: listContent({
              schema: Type.Ref('Sources#'),
              ...{ example: EXAMPLE, rows: EXAMPLE.sources, columns: SOURCE_COLUMNS },
            }),
            isPaged: true,
          },
          READ_ERRORS,
        ),
      },
    },
    async (request, reply) => {
      checkQueryEscapes(request.url);
      const { state, source, limit, cursor, format } = request.query;
      const form = formOf(request, reply, format);
      const from = decodeCursor(SOURCES, cursor);
      const page = await sourcesPage(store, { state, source, from, limit: limitOf(limit) }, words);
      return sendPage(request, reply, form, page);
    },
  );
}
