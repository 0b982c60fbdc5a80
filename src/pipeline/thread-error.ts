import { DaymarkError, type ErrorCode, messageOf } from '../errors.ts';

/** An error as it crosses threads. */
export interface ThreadError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
}

export function threadError(error: unknown): ThreadError {
  if (error instanceof DaymarkError) return { code: error.code, message: error.message };
  return {
    code: undefined,
    message: error instanceof Error ? (error.stack ?? error.message) : messageOf(error),
  };
}

/** The error that crossed. */
export function errorOf({ code, message }: ThreadError): Error {
  return code ? new DaymarkError(code, message) : Object.assign(new Error(message), { stack: message });
}
