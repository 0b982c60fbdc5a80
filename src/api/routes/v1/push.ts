/** Clients hand in lines of logs, and collectors log records of OpenTelemetry. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { DaymarkError, type ErrorCode } from '../../../errors.ts';
import {
  MAX_IDEMPOTENCY_KEY_CHARACTERS,
  MAX_PUSH_BODY_BYTES,
  MAX_PUSH_BYTES,
  PUSH_RETRY_AFTER_S,
} from '../../../limits.ts';
import type { PushAnswer } from '../../../store/contract.ts';
import type { Api } from '../../api.ts';
import { sendProblem } from '../../error-answers.ts';
import { assertJsonAccepted } from '../../forms.ts';
import { hasUnboundedBody } from '../../message-rules.ts';
import { problemResponses } from '../../problem.ts';
import { idempotencyKeyOf } from '../../push/idempotency-key.ts';
import { Pushes } from '../../push/pushes.ts';
import type { PushReceiver } from '../../push/receiver.ts';
import { READ_ERRORS } from './parameters.ts';
import { jsonContent } from './responses.ts';

const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

const PushedSchema = Type.Object(
  {
    lines: count(
      'Lines in the body: the sum of those that were accepted, rejected, dropped and excluded.',
      3,
    ),
    accepted: count('Lines that count. Late ones that were merged are among them.', 2),
    rejected: count(
      'Lines that are no request of the log format, or have no customer or time that can count.',
      1,
    ),
    rejected_by_reason: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
      description: 'How many lines were rejected for each reason. `docs/rejections.md` explains the reasons.',
      examples: [{ invalid_status: 1 }],
    }),
    late: count('Lines behind the watermark of what this client handed in. Dropped ones are among them.', 0),
    dropped: count('Late lines that do not count, with `LATE_EVENTS=drop`.', 0),
    excluded: count('Lines that were understood and do not count, as `EXCLUDE` and `INCLUDE` say.', 0),
    rejected_lines: Type.Array(
      Type.Object({
        line: Type.Integer({ minimum: 1, description: 'The number of the line in the body.', examples: [2] }),
        offset: count('The byte of the body, decompressed, with which the line begins.', 56),
        reason: Type.String({ description: 'Why it was rejected.', examples: ['invalid_status'] }),
        excerpt: Type.String({
          description: 'The first 200 bytes of the line, with unprintable characters escaped.',
          examples: ['2024-10-02 05:10:46 cust_40 /api/v1/resource1 4000 0.316'],
        }),
      }),
      { description: 'The first lines that were rejected.', examples: [[]] },
    ),
    source_id: Type.String({
      description: 'The id of the source that the lines count for, as in `/v1/sources`.',
      examples: ['push-5f0c1d2e3a4b5c6d-1'],
    }),
  },
  {
    $id: 'Pushed',
    description: 'What became of lines that were handed in. The lines that were accepted are stored.',
  },
);

const EXAMPLE: PushAnswer = {
  ...{ lines: 3, accepted: 2, rejected: 1, rejected_by_reason: { invalid_status: 1 } },
  ...{ late: 0, dropped: 0, excluded: 0 },
  rejected_lines: [
    {
      ...{ line: 2, offset: 56, reason: 'invalid_status' },
      excerpt: '2024-10-02 05:10:46 cust_40 /api/v1/resource1 4000 0.316',
    },
  ],
  source_id: 'push-5f0c1d2e3a4b5c6d-1',
};

const ExportedSchema = Type.Object(
  {
    partialSuccess: Type.Optional(
      Type.Object(
        {
          rejectedLogRecords: Type.String({
            pattern: '^\\d+$',
            description: 'How many log records were rejected.',
            examples: ['1'],
          }),
          errorMessage: Type.String({
            description: 'Why, and the first one of them.',
            examples: ['1 of 3 log records: invalid_status (1). Record 2: invalid_status.'],
          }),
        },
        {
          description: 'There only if some log records were rejected.',
          examples: [{ rejectedLogRecords: '1', errorMessage: '1 of 3 log records: invalid_status (1).' }],
        },
      ),
    ),
  },
  { $id: 'ExportedLogs', description: 'The answer of OTLP: `ExportLogsServiceResponse`.' },
);

/** Beside them, any client may say that it sends bytes. */
const LINE_TYPES = ['text/plain', 'application/x-ndjson', 'application/octet-stream'];
const JSON_TYPES = ['application/json'];

const ERRORS_OF_BOTH = [
  ...READ_ERRORS,
  ...(['UNAUTHENTICATED', 'FORBIDDEN', 'CROSS_ORIGIN', 'NOT_ACCEPTABLE'] as const),
  ...([
    'PUSH_OFF',
    'PUSH_UNREADABLE',
    'PUSH_UNSUPPORTED',
    'PUSH_OTHER_CUSTOMER',
    'PUSH_TOO_LARGE',
    'PUSH_BUSY',
    'PUSH_TOO_SLOW',
  ] as const),
  ...(['IDEMPOTENCY_KEY_REQUIRED', 'PUSH_KEY_REUSED', 'STORE_UNWRITABLE', 'PUSH_IN_PROGRESS'] as const),
] satisfies ErrorCode[];

const NOTHING_ASKED = Type.Object({}, { additionalProperties: false });

const REPLAYED = {
  type: 'string',
  description: '`true` where the same lines came before with the same key: they did not count again.',
};

/** `POST /v1/ingest` and `POST /v1/logs`. @param receiver undefined: neither takes anything. @param timeoutMs for an answer. */
export function addPushRoutes(api: Api, receiver: PushReceiver | undefined, timeoutMs?: number): void {
  api.addSchema(PushedSchema);
  api.addSchema(ExportedSchema);
  const pushes = new Pushes(receiver, timeoutMs);
  addIngestRoute(api, pushes);
  addLogsRoute(api, pushes);
}

/** In a scope of its own: no other route takes such bodies. */
function inScope(api: Api, types: readonly string[], add: (scope: Api) => void): void {
  api.register(async (scope) => {
    scope.addContentTypeParser(
      [...types],
      { parseAs: 'buffer', bodyLimit: MAX_PUSH_BODY_BYTES },
      (_request, body, done) => done(null, body),
    );
    // By now it is known that the client may send one.
    scope.addHook('preParsing', (request, reply, payload, done) => {
      if (request.headers.expect !== undefined) reply.raw.writeContinue();
      done(null, payload);
    });
    add(scope as Api);
  });
}

/** Before the body is read. It runs behind the guard. */
const beginsWith =
  (pushes: Pushes) =>
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void =>
    done(pushes.begin(request, reply));

/** What Fastify does not check, and the document says. */
const keyParameter = (required: boolean, description: string) => ({
  ...{ name: 'Idempotency-Key', in: 'header', required, description },
  schema: {
    ...{ type: 'string', minLength: 1, maxLength: MAX_IDEMPOTENCY_KEY_CHARACTERS },
    pattern: '^[!#-+\\--~]+$',
  },
  example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
});

const BOUNDS = `At most ${MAX_PUSH_BODY_BYTES} bytes as it comes, and ${MAX_PUSH_BYTES} without compression.`;

const encodingParameter = {
  ...{ name: 'Content-Encoding', in: 'header', required: false },
  description: 'How the body is compressed.',
  example: 'gzip',
  schema: { type: 'string', enum: ['gzip', 'zstd', 'deflate', 'br', 'identity'] },
};

function addIngestRoute(api: Api, pushes: Pushes): void {
  const lines = {
    schema: { type: 'string' },
    example: '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n',
  };
  inScope(api, LINE_TYPES, (scope) =>
    scope.post(
      '/v1/ingest',
      {
        config: { access: 'ingest', needsKey: true },
        onRequest: beginsWith(pushes),
        schema: {
          operationId: 'ingestLines',
          summary: 'Hand in lines',
          description:
            'Takes lines of a log, and counts them, all of them or none, before it answers. A retry with the same `Idempotency-Key` and the same lines gets the same answer, and its lines do not count again: also where the server was killed before it could answer, and from any process on the same database. `PUSH_KEY_DURATION` says how long. Retry after 409, 429 and 503, and where no answer came.',
          tags: ['Push'],
          querystring: NOTHING_ASKED,
          'x-daymark-request': {
            parameters: [
              keyParameter(
                true,
                'Tells this push from all others of this client. Send the same one with each retry.',
              ),
              encodingParameter,
            ],
            requestBody: {
              required: true,
              description: `Lines in the format that \`LOG_FORMAT\` says; NDJSON, where that is a format of JSON. The last line needs no newline. ${BOUNDS}`,
              // NDJSON is no media type that generators of requests know.
              content: { 'text/plain': lines, 'application/octet-stream': lines },
            },
          },
          response: {
            200: {
              description: 'What became of the lines.',
              headers: { 'Idempotency-Replayed': REPLAYED },
              content: jsonContent(Type.Ref('Pushed#'), EXAMPLE),
            },
            ...problemResponses(...ERRORS_OF_BOTH),
          },
        } as object,
      },
      async (request, reply) => {
        assertJsonAccepted(request, reply);
        keepConnection(request, reply);
        const key = idempotencyKeyOf(request.headers['idempotency-key']);
        const problem = pushes.problemOfBody(request, LINE_TYPES);
        if (problem) return refuseType(reply, problem, pushes);
        try {
          const { answer, isReplay } = await pushes.take(request, 'lines', key);
          return send(reply, answer, isReplay);
        } catch (error) {
          if (isInProgress(error)) reply.header('retry-after', PUSH_RETRY_AFTER_S);
          throw error;
        }
      },
    ),
  );
}

function addLogsRoute(api: Api, pushes: Pushes): void {
  inScope(api, JSON_TYPES, (scope) =>
    scope.post(
      '/v1/logs',
      {
        config: { access: 'ingest', needsKey: true },
        onRequest: beginsWith(pushes),
        schema: {
          operationId: 'exportLogs',
          summary: 'Hand in log records of OpenTelemetry',
          description:
            'OTLP over HTTP, in JSON. `OTLP_RECORDS` and the settings beside it say what a log record says. Collectors send no `Idempotency-Key`. So the content is the key: the same bytes count once within `PUSH_KEY_DURATION`, and a retry of a collector has the same bytes.',
          tags: ['Push'],
          querystring: NOTHING_ASKED,
          'x-daymark-request': {
            parameters: [
              keyParameter(false, 'As of `POST /v1/ingest`. Without it, the content is the key.'),
              encodingParameter,
            ],
            requestBody: {
              required: true,
              description: `\`ExportLogsServiceRequest\`. ${BOUNDS}`,
              content: { 'application/json': { schema: { type: 'object' }, example: { resourceLogs: [] } } },
            },
          },
          response: {
            200: {
              description: 'The log records that were accepted are stored.',
              headers: { 'Idempotency-Replayed': REPLAYED },
              content: jsonContent(Type.Ref('ExportedLogs#'), otlpAnswerOf(EXAMPLE)),
            },
            ...problemResponses(...ERRORS_OF_BOTH),
          },
        } as object,
      },
      async (request, reply) => {
        assertJsonAccepted(request, reply);
        keepConnection(request, reply);
        const given = request.headers['idempotency-key'];
        const key = given === undefined ? undefined : idempotencyKeyOf(given);
        const problem = pushes.problemOfBody(request, JSON_TYPES);
        if (problem) return refuseType(reply, problem, pushes);
        try {
          const { answer, isReplay } = await pushes.take(request, 'otlp', key);
          return send(reply, otlpAnswerOf(answer), isReplay);
        } catch (error) {
          // A collector does not retry after 409.
          if (isInProgress(error)) throw new DaymarkError('PUSH_BUSY', error.message, { cause: error });
          throw error;
        }
      },
    ),
  );
}

function isInProgress(error: unknown): error is DaymarkError {
  return error instanceof DaymarkError && error.code === 'PUSH_IN_PROGRESS';
}

/** The body was read, so the connection is as good as new (`http-server.ts`). */
function keepConnection(request: FastifyRequest, reply: FastifyReply): void {
  if (hasUnboundedBody(request.raw) && request.body !== undefined) reply.raw.removeHeader('connection');
}

function refuseType(reply: FastifyReply, problem: Parameters<typeof sendProblem>[1], pushes: Pushes) {
  return sendProblem(reply.header('accept-encoding', pushes.encodings.join(', ')), problem);
}

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-type': 'application/json; charset=utf-8',
};

function send(reply: FastifyReply, body: object, isReplay: boolean): FastifyReply {
  if (isReplay) reply.header('idempotency-replayed', 'true');
  return reply.headers(HEADERS).send(JSON.stringify(body));
}

/** Numbers of 64 bits are texts in the JSON of protobuf. */
function otlpAnswerOf({ lines, rejected, rejected_by_reason: reasons, rejected_lines: told }: PushAnswer) {
  if (rejected === 0) return {};
  const counts = Object.entries(reasons).map(([reason, records]) => `${reason} (${records})`);
  const [first] = told;
  const which = first ? ` Record ${first.line}: ${first.reason}.` : '';
  const errorMessage = `${rejected} of ${lines} log records: ${counts.join(', ')}.${which}`;
  return { partialSuccess: { rejectedLogRecords: String(rejected), errorMessage } };
}
