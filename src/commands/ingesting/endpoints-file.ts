/** What ENDPOINTS says. */

import { readFileSync, statSync } from 'node:fs';
import { whyUnreadable } from '../../config/config-file.ts';
import { DaymarkError, messageOf } from '../../errors.ts';
import { MAX_ENDPOINT_TEMPLATES, MAX_ENDPOINTS_FILE_BYTES } from '../../limits.ts';
import { parseList } from '../../log-format/endpoints/parse-list.ts';
import { parseOpenapi } from '../../log-format/endpoints/parse-openapi.ts';
import type { EndpointSettings, EndpointTemplate } from '../../log-format/endpoints/types.ts';

/** @param setting `auto`, `off`, or a file. @returns undefined for `off`. @throws {DaymarkError} INVALID_ENDPOINTS. */
export async function endpointSettingsOf(setting: string): Promise<EndpointSettings | undefined> {
  if (setting === 'off') return undefined;
  if (setting === 'auto') return { kind: 'auto' };
  return { kind: 'templates', templates: await readTemplates(setting) };
}

async function readTemplates(path: string): Promise<readonly EndpointTemplate[]> {
  const refuse = (why: string): never => {
    throw new DaymarkError('INVALID_ENDPOINTS', `ENDPOINTS names the file ${path}, but ${why}.`);
  };
  const text = readText(path, refuse);
  const templates = isDocument(text)
    ? parseOpenapi(await parsed(text, refuse), refuse)
    : parseList(text, refuse);
  if (templates.length === 0) refuse('it has no template, such as GET /orders/{id}');
  if (templates.length > MAX_ENDPOINT_TEMPLATES)
    refuse(`it has ${templates.length} templates, more than ${MAX_ENDPOINT_TEMPLATES}`);
  return templates;
}

function readText(path: string, refuse: (why: string) => never): string {
  let bytes: Buffer;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) refuse('it is no regular file');
    if (stats.size > MAX_ENDPOINTS_FILE_BYTES) refuse(`it is longer than ${MAX_ENDPOINTS_FILE_BYTES} bytes`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof DaymarkError) throw error;
    return refuse(whyUnreadable(error));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('it is not UTF-8');
  }
}

/** True of YAML and JSON. A line of a list begins with a method, a slash or `#`. */
function isDocument(text: string): boolean {
  return /^\s*\{/.test(text) || /^(?:---|%YAML|["']?[\w.-]+["']?\s*:(?:\s|$))/m.test(text);
}

async function parsed(text: string, refuse: (why: string) => never): Promise<unknown> {
  try {
    // Loaded only here: few have such a file, and it would be a fifth of the code that a start loads.
    return /^\s*\{/.test(text) ? JSON.parse(text) : (await import('yaml')).parse(text);
  } catch (error) {
    const [first] = messageOf(error).split('\n');
    return refuse(`it cannot be parsed: ${first}`);
  }
}
