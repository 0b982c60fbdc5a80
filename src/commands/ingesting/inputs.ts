/** What a command reads: the given paths, the topics of `KAFKA_TOPIC`, or `LOGS_SOURCE_DIR`. */

import type { Settings } from '../../config/settings.ts';

/** Whether topics are read, and no files. */
export function readsTopics(paths: readonly string[], { KAFKA_BROKERS }: Settings): boolean {
  return paths.length === 0 && KAFKA_BROKERS !== undefined;
}

/** In the words of metrics. */
export function lineSourceOf(paths: readonly string[], settings: Settings): 'files' | 'kafka' {
  return readsTopics(paths, settings) ? 'kafka' : 'files';
}

/** For people: the topics, or the paths. */
export function inputsOf(paths: readonly string[], settings: Settings): readonly string[] {
  if (readsTopics(paths, settings)) return listOf(settings.KAFKA_TOPIC);
  return paths.length > 0 ? paths : [settings.LOGS_SOURCE_DIR];
}

/** The parts of a list with commas. */
export function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
