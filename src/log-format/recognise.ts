/** Finds the format that a log is in, by its first lines: a preset, or one that daymark makes for the lines. */

import { MIN_RECOGNISED_SHARE } from '../limits.ts';
import type { LogFormat } from './format.ts';
import {
  hasCustomer,
  hasDuration,
  hasPath,
  type LogFormatDraft,
  resolveLogFormat,
} from './format-string/customer.ts';
import { parseLogFormat } from './format-string/parse.ts';
import { PRESETS, type Preset } from './presets.ts';
import { hidesDuration, proposeForTail } from './proposals/combined-tail.ts';
import { durationIn } from './proposals/json-duration.ts';
import { jsonLinesOf } from './proposals/json-leaves.ts';
import { proposeJson } from './proposals/json-mapping.ts';
import type { KnownFormat } from './proposals/proposal.ts';
import { linesOfSample, withoutNeedOfCustomer } from './sample.ts';
import type { ScanSettings } from './types.ts';
import { canBeWrapped } from './wrapper/unwrap.ts';

/** Broken user agents make single lines longer. */
const MAX_LONGER_SHARE = 0.05;

/** A format that fits some lines of a sample. */
export interface Recognition {
  readonly known: KnownFormat;
  readonly draft: LogFormatDraft;
  /** Lines of the sample, not counting headers and comments. */
  readonly lines: number;
  /** How many of these fit the format, with or without a customer id. */
  readonly understood: number;
}

/** What the first lines of a log say about its format. */
export interface Recognised {
  /** The formats that fit any line, the best first. */
  readonly fitting: readonly Recognition[];
  /** What daymark cannot tell, and what to do about it: sentences. Not empty only where no format fits enough lines. */
  readonly doubts: readonly string[];
}

/**
 * A template that no path matches. It stands in where a format does not say where the customer id is, so that such
 * lines fit the format and have no customer id.
 */
const NOWHERE = '/daymark-looks-for-no-customer/{customer_id}';
/** The same as a key, for lines without a path. */
const NO_KEY = 'daymark-looks-for-no-customer';

/** The format of a draft, even where nothing says yet where the customer id is. */
export function formatWithoutCustomer(draft: LogFormatDraft): LogFormat {
  if (hasCustomer(draft)) return resolveLogFormat(draft, undefined);
  return resolveLogFormat(draft, hasPath(draft) ? NOWHERE : NO_KEY);
}

/**
 * Tries every preset on the first bytes of a log. If none fits enough lines, it reads the lines: what follows the combined
 * format, or the keys of JSON.
 *
 * The best format fits the most lines. Among equals it names the most parts of a line: every `combined` line is a `common`
 * line, too. A preset is left out where a duration stands in the lines that it would drop, or could read in a wrong unit.
 * @param isWhole true where the last line counts without its newline.
 */
export function recognise(
  sample: Uint8Array,
  isWhole: boolean,
  settings: Omit<ScanSettings, 'format'>,
): Recognised {
  const attempt = new Attempt(sample, isWhole, settings);
  const presets = byFit(PRESETS.flatMap((preset) => attempt.preset(preset) ?? []));
  const [best] = presets;
  if (best && isFitting(best.understood, best.lines)) return { fitting: presets, doubts: [] };
  const lines = attempt.textLines();
  const proposals = [proposeJson(lines), proposeForTail(lines)];
  const made = proposals.flatMap(({ formats }) => formats).flatMap((known) => attempt.known(known) ?? []);
  return { fitting: byFit([...presets, ...made]), doubts: proposals.flatMap(({ doubts }) => doubts) };
}

/** Tries formats on a sample. */
class Attempt {
  readonly #sample: Uint8Array;
  readonly #isWhole: boolean;
  readonly #settings: Omit<ScanSettings, 'format'>;

  constructor(sample: Uint8Array, isWhole: boolean, settings: Omit<ScanSettings, 'format'>) {
    this.#sample = sample;
    this.#isWhole = isWhole;
    this.#settings = settings;
  }

  /** @returns undefined where it fits no line, or must not be recommended. */
  preset(preset: Preset): Recognition | undefined {
    const recognition = this.known(preset);
    if (!recognition || !this.#isPlausible(preset, recognition)) return undefined;
    return this.#losesDuration(recognition) ? undefined : recognition;
  }

  /** @returns undefined where it fits no line. */
  known(known: KnownFormat): Recognition | undefined {
    const draft = parseLogFormat(known.format);
    if (this.#settings.wrapper !== undefined && !canBeWrapped(draft.unresolved)) return undefined;
    const reasons = [...this.#linesIn(draft)].map(({ reason }) => reason);
    const understood = reasons.filter((reason) => reason === undefined).length;
    return understood > 0 ? { known, draft, lines: reasons.length, understood } : undefined;
  }

  /** The lines as text. */
  textLines(): string[] {
    const decoder = new TextDecoder();
    const draft = parseLogFormat('default');
    return [...this.#linesIn(draft)].map(({ bytes, start, end }) =>
      decoder.decode(bytes.subarray(start, end)),
    );
  }

  #linesIn(draft: LogFormatDraft): ReturnType<typeof linesOfSample> {
    const scan = withoutNeedOfCustomer({ ...this.#settings, format: formatWithoutCustomer(draft) });
    return linesOfSample(this.#sample, this.#isWhole, scan);
  }

  /** True where more than a few lines go on behind the end of the format, perhaps with a duration. */
  #goesOn(draft: LogFormatDraft): boolean {
    const reasons = [...this.#linesIn(draft)].map(({ reason }) => reason);
    return reasons.filter((reason) => reason === 'extra_field').length > reasons.length * MAX_LONGER_SHARE;
  }

  #isPlausible({ isPlausible }: Preset, { draft }: Recognition): boolean {
    if (!isPlausible) return true;
    const durationsUs: number[] = [];
    for (const { reason, parsed } of this.#linesIn(draft))
      if (!reason && parsed.durationUs >= 0) durationsUs.push(parsed.durationUs);
    return isPlausible(this.textLines().join('\n'), durationsUs);
  }

  #losesDuration({ draft }: Recognition): boolean {
    if (!hasDuration(draft)) return this.#goesOn(draft) || hidesDuration(this.textLines());
    if (draft.unresolved.layout !== 'json') return false;
    for (const { reason, parsed } of this.#linesIn(draft))
      if (!reason && parsed.durationUs >= 0) return false;
    return durationIn(jsonLinesOf(this.textLines())).kind !== 'none';
  }
}

function byFit(recognitions: readonly Recognition[]): Recognition[] {
  return [...recognitions].sort((a, b) => shareOf(b) - shareOf(a) || detailOf(b) - detailOf(a));
}

/** True where a format fits enough lines to be recommended. */
export function isFitting(understood: number, lines: number): boolean {
  return understood > 0 && understood >= lines * MIN_RECOGNISED_SHARE;
}

function shareOf({ lines, understood }: Recognition): number {
  return understood / lines;
}

/** How many parts of a line the format names. */
function detailOf({ draft: { unresolved } }: Recognition): number {
  return unresolved.layout === 'pattern' ? unresolved.elements.length : unresolved.fields.length;
}
