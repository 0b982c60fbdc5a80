import { DaymarkError, messageOf } from '../errors.ts';
import { readablePath } from './file-path.ts';

/** What the operating system's refusal means to the person who gave the path; what was told before stays. */
export function pathError(path: string, error: unknown): DaymarkError {
  if (error instanceof DaymarkError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const name = readablePath(path);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new DaymarkError('PATH_NOT_FOUND', `${name} does not exist.`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new DaymarkError('PATH_UNREADABLE', `${name} may not be read by this user.`, { cause: error });
  }
  return new DaymarkError('READ_FAILED', `${name} cannot be read: ${messageOf(error)}.`, { cause: error });
}
