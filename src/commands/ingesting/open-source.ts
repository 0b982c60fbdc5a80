/** Chooses the concrete source. */

import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import type { Source } from '../../source/contract.ts';
import { type FilesSettings, FilesSource } from '../../source/files/files-source.ts';
import type { FileIdentity } from '../../source/files/log-file.ts';
import { StandardInputSource } from '../../source/standard-input/standard-input-source.ts';
import { maxHeldFiles } from './descriptors.ts';
import { inputsOf, readsTopics } from './inputs.ts';

/**
 * Opens the source of the given paths, of the topics of `KAFKA_TOPIC`, or of `LOGS_SOURCE_DIR`, passes it on, and closes it.
 * @param isFollowing true: it is polled again and again.
 */
export async function withSource<T>(
  paths: readonly string[],
  settings: Settings,
  isFollowing: boolean,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const source = await openSource(paths, settings, isFollowing);
  try {
    return await work(source);
  } finally {
    source.close();
  }
}

async function openSource(
  paths: readonly string[],
  settings: Settings,
  isFollowing: boolean,
): Promise<Source> {
  // Who reads files loads nothing of topics: with sockets and TLS, that takes 12 MB.
  if (readsTopics(paths, settings)) return (await import('./kafka-source.ts')).kafkaSourceOf(settings);
  if (!paths.includes('-')) {
    const lastLineWaitMs = settings.LAST_LINE_WAIT_SECONDS * 1000;
    return new FilesSource(inputsOf(paths, settings), {
      isFollowing,
      lastLineWaitMs,
      ...filesSettings(settings),
      maxHeldFiles: maxHeldFiles(),
    });
  }
  if (paths.length > 1)
    throw new DaymarkError('WRONG_USAGE', '`-` cannot be given together with other paths.');
  return new StandardInputSource();
}

/** The settings of log files, followed or not. */
export function filesSettings(
  settings: Settings,
): Pick<FilesSettings, 'fileIdentity' | 'followsLinksOutside'> {
  return {
    fileIdentity: settings.FILE_IDENTITY as FileIdentity,
    followsLinksOutside: settings.FOLLOW_SYMLINKS === 'all',
  };
}
