import type { Socket } from 'node:net';
import type { Client } from 'pg';
import { DaymarkError } from '../../errors.ts';
import { STATEMENT_CHECK_MS, STOPPING_STATEMENT_TIMEOUT_MS, STORE_CLOSE_GRACE_MS } from '../../limits.ts';

/** How long to wait for an answer. */
export interface AnswerTimeouts {
  /** Undefined: as long as the server works at it. */
  readonly timeoutMs: number | undefined;
  /** After it, waits are shorter: a process that is to end waits for nobody. */
  readonly stop?: AbortSignal | undefined;
  /** Called every STATEMENT_CHECK_MS. True: no answer will come. */
  readonly isGone?: (() => Promise<boolean>) | undefined;
}

/**
 * Waits for the answer of a statement. If none comes, it gives up the connection: `pg` would leave the statement on it, and
 * the next one would wait behind.
 * @throws {DaymarkError} STORE_UNREACHABLE if no answer came; else whatever `answer` throws.
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

/** True if no answer will come, and no byte of one came in during the check. */
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

/** Says goodbye to the server, if it still listens. */
export async function close(client: Client): Promise<void> {
  const graceIsOver = setTimeout(() => client.connection.stream.destroy(), STORE_CLOSE_GRACE_MS);
  await client.end().finally(() => clearTimeout(graceIsOver));
}
