import { readFileSync, statSync } from 'node:fs';
import { whyUnreadable } from '../../config/config-file.ts';
import { DaymarkError, messageOf } from '../../errors.ts';
import { JWKS_FILE_POLL_MS, MAX_JWKS_BYTES } from '../../limits.ts';
import { reportWarning } from '../cli/report.ts';

/**
 * The content of a small file that may change. It is looked at with a use, at most once in JWKS_FILE_POLL_MS. Content that
 * cannot be used is reported once, and what was there before is used on.
 * @param setting the setting that names the file. @param parse throws where it cannot be used.
 * @throws {DaymarkError} INVALID_SETTING where it cannot be used now.
 */
export function polledFile<T>(setting: string, path: string, parse: (bytes: Buffer) => T): () => T {
  let seen = versionOf(path);
  let value = read();
  let lookedMs = performance.now();
  return () => {
    const nowMs = performance.now();
    if (nowMs - lookedMs < JWKS_FILE_POLL_MS) return value;
    lookedMs = nowMs;
    const version = versionOf(path);
    if (version === seen) return value;
    seen = version;
    try {
      value = read();
    } catch (error) {
      reportWarning(error as DaymarkError);
    }
    return value;
  };

  function read(): T {
    try {
      if (statSync(path).size > MAX_JWKS_BYTES) throw new Error(`it has more than ${MAX_JWKS_BYTES} bytes`);
      return parse(readFileSync(path));
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? whyUnreadable(error) : messageOf(error);
      throw new DaymarkError('INVALID_SETTING', `${setting} names the file ${path}, but ${why}.`);
    }
  }
}

function versionOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs].join();
  } catch (error) {
    return whyUnreadable(error);
  }
}
