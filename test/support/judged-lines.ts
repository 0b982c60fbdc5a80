/** Lines that rules judge. */

import { expect } from 'vitest';
import type { EndpointSettings } from '../../src/log-format/endpoints/types.ts';
import { resolveLogFormat } from '../../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import { withRules } from '../../src/log-format/rules/with-rules.ts';
import type { ScanSettings } from '../../src/log-format/types.ts';
import { UTC } from '../../src/window/zone.ts';
import { type Scanned, scan, scanByReference } from './scanning.ts';

export interface Texts {
  readonly format?: string;
  readonly customer?: string | undefined;
  readonly exclude?: string;
  readonly include?: string;
  readonly missing?: string;
  readonly endpoints?: EndpointSettings;
}

export function settingsFor({
  format = 'combined',
  customer,
  exclude,
  include,
  missing,
  endpoints,
}: Texts): ScanSettings {
  const resolved = resolveLogFormat(parseLogFormat(format), customer);
  return {
    ...withRules(resolved, { exclude, include }),
    logZone: UTC,
    missingCustomerId: missing,
    endpoints,
  };
}

let last: { readonly texts: Texts; readonly settings: ScanSettings } | undefined;

/** The same settings for the same texts one after the other: the lines are read by one scanner then, as in a run. */
function lastSettingsFor(texts: Texts): ScanSettings {
  const isSame = (name: keyof Texts) => last?.texts[name] === texts[name];
  if (!last || !NAMES.every(isSame)) last = { texts, settings: settingsFor(texts) };
  return last.settings;
}

const NAMES = ['format', 'customer', 'exclude', 'include', 'missing', 'endpoints'] as const;

/** Reads lines with the scanner, and holds the reference parser to the same. */
export function read(lines: readonly string[], texts: Texts): Scanned {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const settings = lastSettingsFor(texts);
  const scanned = scan(bytes, { settings });
  expect(scanned).toEqual(scanByReference(bytes, settings));
  return scanned;
}

/** Which of the lines count, by their customers. */
export function counted(lines: readonly string[], texts: Texts): string[] {
  return read(lines, texts).records.map(({ customerId }) => customerId);
}

export const combined = (
  user: string,
  request: string,
  { status = 200, agent = 'curl/8.5.0', client = '192.0.2.9' } = {},
) => `${client} - ${user} [02/Oct/2024:05:10:46 +0000] "${request}" ${status} 5 "-" "${agent}"`;
