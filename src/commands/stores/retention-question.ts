/** Asks at the terminal before days are deleted for the first time. */

import { createInterface } from 'node:readline';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { QUESTION_WAIT_MS } from '../../limits.ts';
import type { Store } from '../../store/contract.ts';
import { reportInfo } from '../cli/report.ts';
import { openStoreToRead } from './open.ts';
import { inWords, isConfirmed, oldDays } from './retention-consent.ts';

/**
 * Asks if `RETENTION_DAYS` is not confirmed for the store yet and somebody can answer. Without a terminal, or while the
 * store cannot be reached, it does not ask, and nothing is deleted.
 * @returns the settings, with the consent that was given.
 */
export async function askForRetention(settings: Settings): Promise<Settings> {
  const { RETENTION_DAYS: days } = settings;
  if (days === 0 || !process.stdin.isTTY || !process.stderr.isTTY) return settings;
  const question = await questionFor(settings);
  if (question === undefined || !(await isYes(question))) return settings;
  return { ...settings, CONFIRM_RETENTION_DAYS: days };
}

/** @returns undefined if there is nothing to ask. */
async function questionFor(settings: Settings): Promise<string | undefined> {
  const { RETENTION_DAYS: days } = settings;
  const store = await openedStore(settings);
  try {
    if (isConfirmed(settings, await store?.retentionConsentDays())) return undefined;
    const old = store && (await oldDays(store, settings));
    const now = old && old.days > 0 ? `now: ${inWords(old)}` : 'no day is that old yet';
    return `RETENTION_DAYS=${days} deletes days for good once they are more than ${days} days old (${now}).\nDelete them, now and from now on? [y/N] `;
  } finally {
    await store?.close();
  }
}

/** @returns undefined if it is not there yet or cannot be read. The run itself reports that. */
async function openedStore(settings: Settings): Promise<Store | undefined> {
  try {
    return await openStoreToRead(settings);
  } catch (error) {
    if (error instanceof DaymarkError) return undefined;
    throw error;
  }
}

/** Only `y` and `yes` are consent. No answer in time is none. */
function isYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      terminal.close();
      process.stderr.write('\n');
      reportInfo('no answer came, so nothing is deleted');
    }, QUESTION_WAIT_MS);
    terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    terminal.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
    terminal.question(question, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}
