import { DaymarkError } from '../../errors.ts';

/** Errors of one input. The others can be read. */
const INPUT_ERRORS: ReadonlySet<string> = new Set([
  'READ_FAILED',
  'SOURCE_UNAVAILABLE',
  'PATH_NOT_FOUND',
  'PATH_UNREADABLE',
  'FILE_SHRANK',
  'TRUNCATED_ARCHIVE',
  'CORRUPT_ARCHIVE',
  'UNSUPPORTED_ARCHIVE',
  'HEADER_MISSING',
  'OTHER_CONTENT',
  'KAFKA_UNAVAILABLE',
  'KAFKA_REFUSED',
  'KAFKA_TOPIC_NOT_FOUND',
  'KAFKA_CORRUPT',
  'KAFKA_UNSUPPORTED',
]);

export function isInputError(error: unknown): error is DaymarkError {
  return error instanceof DaymarkError && INPUT_ERRORS.has(error.code);
}
