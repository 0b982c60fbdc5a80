/** Problem documents (RFC 9457): every error of the API has this form. */

import { Type } from 'typebox';
import { ERRORS, type ErrorCode, type ErrorDefinition } from '../errors.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Headers of every problem. It describes one moment, so no cache may keep it. */
export const PROBLEM_HEADERS = {
  'content-type': PROBLEM_MEDIA_TYPE,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** The body of an error. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Identifies this occurrence in the server's log. */
  readonly instance?: string;
  readonly code: ErrorCode;
  /** Since when the pipeline waits, ISO 8601. */
  readonly waiting_since?: string;
}

/** Codes that the API can return. */
const HTTP_CODES = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => httpStatusOf(code) !== undefined);

/** The shape of {@link Problem} for the OpenAPI document. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({
      format: 'uri-reference',
      description: 'Names the kind of error; the same for every error with this `code`.',
      examples: ['urn:daymark:error:INVALID_REQUEST'],
    }),
    title: Type.String({
      description: 'What the code means; the same every time.',
      examples: [ERRORS.INVALID_REQUEST.title],
    }),
    status: Type.Integer({ description: 'The HTTP status.', minimum: 400, maximum: 599, examples: [422] }),
    detail: Type.String({
      description: 'What was wrong this time, or what to do about it.',
      examples: ['`from` is missing: give the first day as YYYY-MM-DD.'],
    }),
    instance: Type.Optional(
      Type.String({
        format: 'uri-reference',
        description: 'Names this occurrence in the log of the server. Only with faults of the server.',
        examples: ['urn:uuid:3f8b4a51-6f0e-4a7e-9d53-0d6a1b0c8f2e'],
      }),
    ),
    // No `enum`: a client that was made before a new code came must not reject it.
    code: Type.String({
      'x-extensible-enum': HTTP_CODES,
      description:
        'What programs should look at. `docs/errors.md` lists the codes. New versions may add codes: treat one that you do not know like its HTTP status.',
      examples: ['INVALID_REQUEST'],
    }),
    waiting_since: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'Only of `/health/ready`: the reading of logs waits for the database, since then. What is stored may be served meanwhile.',
        examples: ['2026-11-25T02:30:00.000Z'],
      }),
    ),
  },
  {
    $id: 'Problem',
    description: 'An error, as RFC 9457 (Problem Details for HTTP APIs) describes it.',
  },
);

/** The more specific statuses of a code in the table of errors. */
type OtherStatus<Code extends ErrorCode> = (typeof ERRORS)[Code] extends {
  readonly otherHttpStatuses: infer Others;
}
  ? keyof Others & number
  : never;

/** @param closer a status that fits this error better than the first one of its code. */
export function problemOf<Code extends ErrorCode>(
  code: Code,
  detail: string,
  closer?: OtherStatus<Code>,
): Problem {
  const status = closer ?? httpStatusOf(code) ?? 500;
  return { type: `urn:daymark:error:${code}`, title: ERRORS[code].title, status, detail, code };
}

/** The status in the table of errors; undefined for errors that never reach HTTP. */
export function httpStatusOf(code: ErrorCode): number | undefined {
  const definition: ErrorDefinition = ERRORS[code];
  return definition.httpStatus;
}

/** Responses of a route in the OpenAPI document, by status. They cover all of `codes`. */
export function problemResponses(...codes: ErrorCode[]): Record<number, object> {
  const byStatus = Map.groupBy(codes, (code) => httpStatusOf(code) ?? 500);
  return Object.fromEntries([...byStatus].map(([status, same]) => [status, problemResponse(same)]));
}

function problemResponse(codes: readonly ErrorCode[]): object {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(' '),
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: 'Problem#' }, examples: examplesOf(codes) } },
  };
}

function examplesOf(codes: readonly ErrorCode[]): object {
  return Object.fromEntries(codes.map((code) => [code, { value: problemOf(code, ERRORS[code].advice) }]));
}
