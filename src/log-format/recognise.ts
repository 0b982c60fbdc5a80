/** Finds the preset that a log is in, by its first lines. */

import { MIN_RECOGNISED_SHARE } from '../limits.ts';
import type { LogFormat } from './format.ts';
import { hasCustomer, type LogFormatDraft, resolveLogFormat } from './format-string/customer.ts';
import { parseLogFormat } from './format-string/parse.ts';
import { PRESETS, type Preset } from './presets.ts';
import { linesOfSample, withoutNeedOfCustomer } from './sample.ts';
import type { ScanSettings } from './types.ts';

/** A preset that fits some lines of a sample. */
export interface Recognition {
  readonly preset: Preset;
  readonly draft: LogFormatDraft;
  /** Lines of the sample, not counting headers and comments. */
  readonly lines: number;
  /** How many of these fit the preset, with or without a customer id. */
  readonly understood: number;
}

/**
 * A template that no path matches. It stands in where a preset does not say where the customer id is, so that such
 * lines fit the preset and have no customer id.
 */
const NOWHERE = '/daymark-looks-for-no-customer/{customer_id}';

/** The format of a draft, even where nothing says yet where the customer id is. */
export function formatWithoutCustomer(draft: LogFormatDraft): LogFormat {
  return resolveLogFormat(draft, hasCustomer(draft) ? undefined : NOWHERE);
}

/**
 * Tries every preset on the first bytes of a log.
 * @param isWhole true where the last line counts without its newline.
 * @returns the presets that fit any line, the best first. The best one fits the most lines. Among equals it names the
 * most parts of a line: every `combined` line is a `common` line, too.
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

/** A preset that fits the beginning of most lines of a sample, but not what follows. */
export interface CutOff {
  readonly preset: Preset;
  /** Lines of the sample, not counting headers and comments. */
  readonly lines: number;
  /** How many of these go on behind the end of the preset. */
  readonly goingOn: number;
}

/** The preset behind whose end most lines go on; of several, the one that names the most parts. */
export function cutOffBy(
  sample: Uint8Array,
  isWhole: boolean,
  settings: Omit<ScanSettings, 'format'>,
): CutOff | undefined {
  return PRESETS.map((preset) => ({ draft: parseLogFormat(preset.format), preset }))
    .sort((a, b) => detailOf(b) - detailOf(a))
    .map(({ preset, draft }) => {
      const scan = withoutNeedOfCustomer({ ...settings, format: formatWithoutCustomer(draft) });
      const reasons = [...linesOfSample(sample, isWhole, scan)].map(({ reason }) => reason);
      const goingOn = reasons.filter((reason) => reason === 'extra_field').length;
      return { preset, lines: reasons.length, goingOn };
    })
    .find(({ lines, goingOn }) => goingOn > 0 && goingOn >= lines * MIN_RECOGNISED_SHARE);
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
  const durationsUs: number[] = [];
  for (const { reason, parsed } of linesOfSample(sample, isWhole, scan)) {
    lines++;
    if (reason) continue;
    understood++;
    if (parsed.durationUs >= 0) durationsUs.push(parsed.durationUs);
  }
  const isPlausible = preset.isPlausible?.(Buffer.from(sample).toString(), durationsUs) ?? true;
  return { preset, draft, lines, understood: isPlausible ? understood : 0 };
}

/** True where a format fits enough lines to be recommended. */
export function isFitting(understood: number, lines: number): boolean {
  return understood > 0 && understood >= lines * MIN_RECOGNISED_SHARE;
}

function shareOf({ lines, understood }: Recognition): number {
  return understood / lines;
}

/** How many parts of a line the format names. */
function detailOf({ draft: { unresolved } }: Pick<Recognition, 'draft'>): number {
  return unresolved.layout === 'pattern' ? unresolved.elements.length : unresolved.fields.length;
}
