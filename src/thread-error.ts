import { DaymarkError, type ErrorCode, messageOf } from './errors.ts';

/** An error as it crosses threads. */
export interface ThreadError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly lines?: readonly string[];
}

export function threadError(error: unknown): ThreadError {
  if (error instanceof DaymarkError) {
    const { code, message, lines } = error;
    return { code, message, lines };
  }
  return {
    code: undefined,
    message: error instanceof Error ? (error.stack ?? error.message) : messageOf(error),
  };
}

/** The error that crossed. */
export function errorOf({ code, message, lines }: ThreadError): Error {
  return code
    ? new DaymarkError(code, message, { lines })
    : Object.assign(new Error(message), { stack: message });
}
