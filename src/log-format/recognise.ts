/** Which preset a log is in, by its first lines. */

import type { LogFormat } from './format.ts';
import { hasCustomer, type LogFormatDraft, resolveLogFormat } from './format-string/customer.ts';
import { parseLogFormat } from './format-string/parse.ts';
import { PRESETS, type Preset } from './presets.ts';
import { linesOfSample, withoutNeedOfCustomer } from './sample.ts';
import type { ScanSettings } from './types.ts';

/** A preset in which lines of a sample can be read. */
export interface Recognition {
  readonly preset: Preset;
  readonly draft: LogFormatDraft;
  /** Lines of the sample, without those that name columns or are comments. */
  readonly lines: number;
  /** Of these, how many are in the preset, with a customer id or without. */
  readonly understood: number;
}

/**
 * Where a preset does not say where the customer id stands, lines are read as if it stood here: nowhere. So they
 * are understood, and have no customer id.
 */
const NOWHERE = '/daymark-looks-for-no-customer/{customer_id}';

/** The format of a draft, also where it is not known yet where the customer id stands. */
export function formatWithoutCustomer(draft: LogFormatDraft): LogFormat {
  return resolveLogFormat(draft, hasCustomer(draft) ? undefined : NOWHERE);
}

/**
 * Tries every preset on the first bytes of a log.
 * @param isWhole true where the last line counts without its newline.
 * @returns those that understand any line, the best first: the one that understands the most, and of several the one
 * that says the most of a line (a line in `combined` is one in `common`, too).
 */
export function recognise(
  sample: Uint8Array,
  isWhole: boolean,
  settings: Omit<ScanSettings, 'format'>,
): Recognition[] {
  return PRESETS.map((preset) => tryPreset(preset, sample, isWhole, settings))
    .filter(({ understood }) => understood > 0)
    .sort((a, b) => shareOf(b) - shareOf(a) || detailOf(b) - detailOf(a));
}

function tryPreset(
  preset: Preset,
  sample: Uint8Array,
  isWhole: boolean,
  settings: Omit<ScanSettings, 'format'>,
): Recognition {
  const draft = parseLogFormat(preset.format);
  let [lines, understood] = [0, 0];
  const scan = withoutNeedOfCustomer({ ...settings, format: formatWithoutCustomer(draft) });
  for (const { reason } of linesOfSample(sample, isWhole, scan)) {
    lines++;
    if (!reason) understood++;
  }
  return { preset, draft, lines, understood };
}

function shareOf({ lines, understood }: Recognition): number {
  return understood / lines;
}

/** How many parts of a line the format names. */
function detailOf({ draft: { unresolved } }: Recognition): number {
  return unresolved.layout === 'pattern' ? unresolved.elements.length : unresolved.fields.length;
}
