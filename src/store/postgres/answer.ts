import type { Socket } from 'node:net';
import type { Client } from 'pg';
import { DaymarkError } from '../../errors.ts';
import { STATEMENT_CHECK_MS, STOPPING_STATEMENT_TIMEOUT_MS, STORE_CLOSE_GRACE_MS } from '../../limits.ts';

/** How long an answer is waited for. */
export interface AnswerTimeouts {
  /** Undefined: for as long as the server works at it. */
  readonly timeoutMs: number | undefined;
  /** From then on less: a process that is to end waits for nobody. */
  readonly stop?: AbortSignal | undefined;
  /** Is asked every STATEMENT_CHECK_MS. True: no answer will come. */
  readonly isGone?: (() => Promise<boolean>) | undefined;
}

/**
 * Waits for the answer of a statement. Where none comes it gives the connection up: `pg` would leave the statement
 * on it, for the next one to wait behind.
 * @throws {DaymarkError} STORE_UNREACHABLE where none came; else whatever `answer` throws.
 */
export async function inTime<T>(
  client: Client,
  description: string,
  answer: Promise<T>,
  { timeoutMs, stop, isGone }: AnswerTimeouts,
): Promise<T> {
  let why: string | undefined;
  const giveUp = (because: string): void => {
    why ??= because;
    client.connection.stream.destroy();
  };
  let timer: NodeJS.Timeout | undefined;
  const waitFor = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => giveUp(`no answer for ${ms / 1000} seconds`), ms);
  };
  const hurry = (): void => waitFor(STOPPING_STATEMENT_TIMEOUT_MS);
  if (stop?.aborted) hurry();
  else if (timeoutMs !== undefined) waitFor(timeoutMs);
  stop?.addEventListener('abort', hurry);
  const endChecks = isGone && checkNowAndThen(() => isSilent(client, isGone), giveUp);
  try {
    return await answer;
  } catch (error) {
    if (why === undefined) throw error;
    throw new DaymarkError('STORE_UNREACHABLE', `${description}: ${why}.`, { cause: error });
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', hurry);
    endChecks?.();
  }
}

/** True where no answer will come, and none was coming in while that was found out. */
async function isSilent({ connection }: Client, isGone: () => Promise<boolean>): Promise<boolean> {
  const stream = connection.stream as Socket;
  const { bytesRead } = stream;
  return (await isGone()) && stream.bytesRead === bytesRead;
}

/** @returns a function that ends it. */
function checkNowAndThen(isGone: () => Promise<boolean>, giveUp: (because: string) => void): () => void {
  let isOver = false;
  let timer: NodeJS.Timeout;
  const checkLater = (): void => {
    timer = setTimeout(async () => {
      const isOut = await isGone();
      if (isOver) return;
      if (isOut) giveUp(`no answer for ${STATEMENT_CHECK_MS / 1000} seconds, and no sign of one`);
      else checkLater();
    }, STATEMENT_CHECK_MS);
  };
  checkLater();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** Says goodbye to the server, where it still listens. */
export async function close(client: Client): Promise<void> {
  const graceIsOver = setTimeout(() => client.connection.stream.destroy(), STORE_CLOSE_GRACE_MS);
  await client.end().finally(() => clearTimeout(graceIsOver));
}
