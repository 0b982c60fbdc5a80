/** The rejected lines that are kept. */

import { Type } from 'typebox';
import { MAX_REASONS } from '../../../limits.ts';
import type { Api } from '../../api.ts';
import { FormatSchema, formOf } from '../../forms.ts';
import type { InputWords } from '../../input-words.ts';
import { sendPage } from '../../lists.ts';
import { decodeCursor } from '../../page-cursor.ts';
import { REJECTED, REJECTED_COLUMNS, rejectedPage } from '../../rejected-lines.ts';
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

const RejectedLineSchema = Type.Object(
  {
    source_id: Type.String({
      description: 'The id of the log, as in `/v1/sources`.',
      examples: ['0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11'],
    }),
    file: Type.String({ description: 'The path of the log.', examples: ['/logs/api.log'] }),
    offset: Type.Integer({
      minimum: 0,
      description:
        'The position of the line. Only the source knows what the number means, so only compare it.',
      examples: [1_234],
    }),
    at: Type.String({ description: 'The position in words.', examples: ['byte 1,234'] }),
    reason: Type.String({
      description: 'Why the line was rejected. `docs/rejections.md` explains the reasons.',
      examples: ['invalid_timestamp'],
    }),
    excerpt: Type.String({
      description:
        'The first 200 bytes of the line, with unprintable characters escaped. Anybody can write into a log, so never trust it.',
      examples: ['2024-13-02 05:10:46 cust_40 /api/v1/resource1 400 0.316'],
    }),
  },
  { $id: 'RejectedLine', description: 'A line that is no record.' },
);

const RejectedLinesSchema = Type.Object(
  {
    rejected: Type.Array(Type.Ref('RejectedLine#'), { description: 'By log and place.', examples: [[]] }),
    next_cursor: NextCursorSchema,
  },
  { $id: 'RejectedLines', description: 'A page of rejected lines.' },
);

const EXAMPLE = {
  rejected: [
    {
      source_id: '0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11',
      file: '/logs/api.log',
      offset: 1_234,
      at: 'byte 1,234',
      reason: 'invalid_timestamp',
      excerpt: '2024-13-02 05:10:46 cust_40 /api/v1/resource1 400 0.316',
    },
  ],
  next_cursor: 'WyJyZWplY3RlZCIsIjBjN2MwYTNlLTVhMWUtNGEzYy05ZDljLTVmMmY2ZjBkOGExMSIsMTI5MF0',
};

/** `GET /v1/rejected`. */
export function addRejectedRoute(
  api: Api,
  store: Pick<StatsReader, 'ledgerPage' | 'rejectedLines'>,
  words: InputWords,
): void {
  api.addSchema(RejectedLineSchema);
  api.addSchema(RejectedLinesSchema);
  api.get(
    '/v1/rejected',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'listRejectedLines',
        summary: 'Rejected lines',
        description:
          'The rejected lines that are kept: the first 1,000 of each log. `/v1/sources` counts all of them. A page may have fewer lines than `limit`, also none, while `next_cursor` is not null.',
        tags: ['Operation'],
        querystring: Type.Object(
          {
            source: Type.Optional(SourceNameSchema),
            reason: Type.Optional(
              Type.String({
                pattern: `^[a-z_]{1,64}(,[a-z_]{1,64}){0,${MAX_REASONS - 1}}$`,
                description: `Only lines that were rejected for one of these reasons: up to ${MAX_REASONS}, separated by commas.`,
                examples: ['invalid_timestamp,invalid_status'],
              }),
            ),
            limit: Type.Optional(LimitSchema),
            cursor: Type.Optional(CursorSchema),
            format: FormatSchema,
          },
          { additionalProperties: false },
        ),
        response: taggedResponses(
          {
            description: 'A page of rejected lines.',
            content: listContent({
              schema: Type.Ref('RejectedLines#'),
              ...{ example: EXAMPLE, rows: EXAMPLE.rejected, columns: REJECTED_COLUMNS },
            }),
            isPaged: true,
          },
          [...READ_ERRORS, 'NO_SUCH_SOURCE'],
        ),
      },
    },
    async (request, reply) => {
      checkQueryEscapes(request.url);
      const { source, reason, limit, cursor, format } = request.query;
      const form = formOf(request, reply, format);
      const from = decodeCursor(REJECTED, cursor);
      const page = await rejectedPage(store, { source, reason, from, limit: limitOf(limit) }, words);
      return sendPage(request, reply, form, page);
    },
  );
}
