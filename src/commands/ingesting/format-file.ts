/** Reads a format from a file: `LOG_FORMAT=@FILE` and `@FILE:NAME`. */

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { whyUnreadable } from '../../config/config-file.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_FORMAT_FILE_BYTES } from '../../limits.ts';
import { apacheFormats } from '../../log-format/format-file/apache.ts';
import { chooseFormat } from '../../log-format/format-file/choose.ts';
import { envoyFormats } from '../../log-format/format-file/envoy.ts';
import { nginxFormats } from '../../log-format/format-file/nginx.ts';
import type { FoundFormats } from '../../log-format/format-file/types.ts';
import { MAPPING } from '../../log-format/format-string/mapping.ts';

/**
 * Replaces a LOG_FORMAT that names a file by the format in that file.
 * @throws {DaymarkError} INVALID_SETTING, INVALID_LOG_FORMAT.
 */
export async function withFormatFile(settings: Settings): Promise<Settings> {
  const { LOG_FORMAT: format } = settings;
  if (format === undefined || !format.startsWith('@')) return settings;
  return { ...settings, LOG_FORMAT: await formatIn(format.slice(1)) };
}

/** @param place a path, or a path, `:` and the name of a format. A file with exactly that name comes first. */
async function formatIn(place: string): Promise<string> {
  const colon = place.lastIndexOf(':');
  const whole = readIfThere(place);
  const text = whole ?? (colon > 0 ? readIfThere(place.slice(0, colon)) : undefined);
  if (text === undefined) throw unreadable(place, 'there is no such file');
  const name = whole === undefined ? place.slice(colon + 1) : undefined;
  const setting = `@${whole === undefined ? place.slice(0, colon) : place}`;
  const found = await formatsIn(text);
  const isConfiguration = found.formats.length > 0 || found.includes.length > 0;
  if (!isConfiguration && name === undefined && isFormatItself(text)) return text.trim();
  return chooseFormat(found, setting, name);
}

/** @returns undefined if there is no such file. */
function readIfThere(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(path, whyUnreadable(error));
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw unreadable(path, 'it is no regular file');
    if (stats.size > MAX_FORMAT_FILE_BYTES)
      throw unreadable(path, `it is longer than ${MAX_FORMAT_FILE_BYTES} bytes`);
    return readFileSync(descriptor, 'utf8').replace(/^\ufeff/, '');
  } finally {
    closeSync(descriptor);
  }
}

function unreadable(path: string, why: string): DaymarkError {
  return new DaymarkError('INVALID_SETTING', `LOG_FORMAT names the file ${path}, but ${why}.`);
}

const NOTHING: FoundFormats = { formats: [], includes: [], byDefault: undefined };

const APACHE =
  /^\s*((LogFormat|CustomLog|GlobalLog|IncludeOptional)\s|<(VirtualHost|IfModule|IfDefine|Directory|Location|Files|Macro|Proxy)\b)/im;

/** Tells the server by what only its configuration has. */
async function formatsIn(text: string): Promise<FoundFormats> {
  const isApache = APACHE.test(text);
  if (isApache) return apacheFormats(text);
  if (/access_?log"?\s*:|accessLogFormat"?\s*:/i.test(text)) {
    const found = await formatsOfEnvoy(text);
    if (found) return found;
  }
  return /[;{]\s*(#.*)?$/m.test(text) ? (nginxFormats(text) ?? NOTHING) : NOTHING;
}

async function formatsOfEnvoy(text: string): Promise<FoundFormats | undefined> {
  const { parseAllDocuments } = await import('yaml');
  try {
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    return envoyFormats(Array.from(documents, (document) => document.toJS()));
  } catch {
    return undefined;
  }
}

/** True if the file holds only a format: in daymark's own form, or the value of a directive. */
function isFormatItself(text: string): boolean {
  const trimmed = text.trim();
  return trimmed !== '' && (!trimmed.includes('\n') || MAPPING.test(trimmed) || /^['"]/.test(trimmed));
}
