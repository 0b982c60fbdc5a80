import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DaymarkError } from '../../errors.ts';
import { directoryError } from './errors.ts';

/**
 * Notes which file is at a path.
 * @returns a function that throws STORE_UNWRITABLE if nothing is there any more (the directory may come back), and
 * STORE_FAILED if another file is there.
 */
export function placeGuard(file: string): () => void {
  const opened = look(file);
  return () => {
    if (!opened) return;
    const found = look(file);
    if (!found) throw directoryError(new Error('the database was moved or deleted'), dirname(file));
    if (found.ino === opened.ino && found.dev === opened.dev) return;
    const detail = `Another file has taken the place of the database ${file} since it was opened.`;
    throw new DaymarkError('STORE_FAILED', detail);
  };
}

function look(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw directoryError(error, dirname(file));
  }
}
