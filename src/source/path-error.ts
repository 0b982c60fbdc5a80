import { dirname, resolve } from 'node:path';
import { DaymarkError, messageOf } from '../errors.ts';
import { linkTarget, MAX_LINKS, readablePath } from './file-path.ts';

/** Refusals that pass by themselves: of a process with too many open files, a disk or a network that is away. */
const TRANSIENT: ReadonlySet<string | undefined> = new Set([
  ...['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EAGAIN', 'EBUSY', 'EINTR', 'EIO', 'EREMOTEIO', 'ESTALE'],
  ...['ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH', 'ENETRESET', 'ENOLINK', 'ECOMM'],
  ...['ENOTCONN', 'ESHUTDOWN', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'],
]);

/** What the operating system's refusal means to the person who gave the path. A {@link DaymarkError} stays what it is. */
export function pathError(path: string, error: unknown): DaymarkError {
  if (error instanceof DaymarkError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const name = readablePath(path);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const target = endOfLinks(path);
    const what =
      target === undefined ? 'does not exist' : `is a link to ${readablePath(target)}, which does not exist`;
    return new DaymarkError('PATH_NOT_FOUND', `${name} ${what}.`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new DaymarkError('PATH_UNREADABLE', `${name} may not be read by this user.`, { cause: error });
  }
  const kind = TRANSIENT.has(code) ? 'SOURCE_UNAVAILABLE' : 'READ_FAILED';
  return new DaymarkError(kind, `${name} cannot be read: ${messageOf(error)}.`, { cause: error });
}

/** The missing target of a link, found link by link. @returns undefined where the path is no link. */
function endOfLinks(path: string): string | undefined {
  let end: string | undefined;
  for (let links = 0; links < MAX_LINKS; links++) {
    const target = linkTarget(end ?? path);
    if (target === undefined) break;
    end = resolve(dirname(end ?? path), target);
  }
  return end;
}
