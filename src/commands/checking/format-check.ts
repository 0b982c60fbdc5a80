/** Finds the format of a file for `check`, and describes it. */

import type { Settings } from '../../config/settings.ts';
import { counted, grouped } from '../../counted.ts';
import { DaymarkError } from '../../errors.ts';
import { excerptOf } from '../../log-format/excerpt.ts';
import {
  hasCustomer,
  hasPath,
  resolveLogFormat,
  waysToCustomer,
} from '../../log-format/format-string/customer.ts';
import { parseLogFormat } from '../../log-format/format-string/parse.ts';
import { formatWithoutCustomer, isFitting, type Recognition, recognise } from '../../log-format/recognise.ts';
import { excludedByRule, type RuleShare } from '../../log-format/rule-shares.ts';
import { linesOfSample, withoutNeedOfCustomer } from '../../log-format/sample.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import { type UnderstoodLine, understoodLines } from '../../log-format/understanding.ts';
import { recogniseWrappers } from '../../log-format/wrapper/recognise.ts';
import { WRAPPER_TITLES } from '../../log-format/wrapper/types.ts';
import { canBeWrapped } from '../../log-format/wrapper/unwrap.ts';
import { innerHead } from '../../log-format/wrapper/wrapped-lines.ts';
import type { Sample } from '../../source/contract.ts';
import { shellWord } from '../cli/shell.ts';
import { partsOf, scanSettingsOf, scanSettingsWith } from '../ingesting/scan-settings.ts';
import { fieldsOfLine } from './customer-candidates.ts';

/** Lines whose fields are shown. */
const FIRST_LINES = 3;

/** Why a format that understands some lines is not recommended. */
export const SHARE_NEEDED = 'daymark recommends a format only if it understands at least half of the lines';

/** How a file is read. */
export interface FileFormat {
  /** LOG_FORMAT as it is or should be; undefined if no preset fits. */
  readonly name: string | undefined;
  /** Undefined if LOG_FORMAT is set. */
  readonly recognition: Recognition | undefined;
  /** The best preset, where it fits too few lines to be recommended. */
  readonly nearest: Recognition | undefined;
  /** What daymark cannot tell about the lines, and what to do: sentences. */
  readonly doubts: readonly string[];
  readonly scan: ScanSettings;
  /** What CUSTOMER_ID can be, if you must set it. Until then no line needs a customer. */
  readonly customerNeeded: string | undefined;
  /** Fields that could be the customer, as CUSTOMER_ID takes them; empty if unknown. */
  readonly customerFields: readonly string[];
  /** True if a line has a request path. */
  readonly hasPath: boolean;
  readonly firstLines: readonly UnderstoodLine[];
  /** How many of the first lines each rule leaves out. */
  readonly excludedByRule: readonly RuleShare[];
  /** The first line of a file in which no line was understood. */
  readonly strangeLine: string | undefined;
}

/**
 * Finds out how to read a file. If LOG_WRAPPER is not set, it tries the wrappers that the first lines could have. Another
 * program's wrapper wins if more lines, or as many, are understood without it; for a given LOG_FORMAT only if more are.
 */
export async function formatOfFile(sample: Sample, settings: Settings): Promise<FileFormat> {
  const asGiven = await formatIn(sample, settings);
  const isGiven = settings.LOG_FORMAT !== undefined;
  if (settings.LOG_WRAPPER !== undefined || (isGiven && !canBeWrapped(asGiven.scan.format))) return asGiven;
  let [best, most] = [asGiven, understoodIn(sample, asGiven.scan) + (isGiven ? 1 : 0)];
  for (const LOG_WRAPPER of recogniseWrappers(sample.bytes, sample.isWhole)) {
    const format = await formatIn(sample, { ...settings, LOG_WRAPPER });
    const understood = understoodIn(sample, format.scan);
    if (understood < most || (understood === most && best.scan.wrapper !== undefined)) continue;
    [best, most] = [format, understood];
  }
  return best;
}

function understoodIn({ bytes, isWhole }: Sample, scan: ScanSettings): number {
  try {
    const lines = [...linesOfSample(bytes, isWhole, withoutNeedOfCustomer(scan))];
    return lines.filter(({ reason }) => reason === undefined).length;
  } catch (error) {
    // Its first line does not name the columns.
    if (error instanceof DaymarkError) return 0;
    throw error;
  }
}

/**
 * Finds the format of a file: LOG_FORMAT, or else the preset that understands most of its first lines, and at least
 * MIN_RECOGNISED_SHARE of them.
 */
async function formatIn({ bytes, isWhole }: Sample, settings: Settings): Promise<FileFormat> {
  const parts = await partsOf(settings);
  const isAsked = settings.LOG_FORMAT === undefined;
  const { fitting, doubts } = isAsked ? recognise(bytes, isWhole, parts) : { fitting: [], doubts: [] };
  const [best] = fitting;
  const recognition = best && isFitting(best.understood, best.lines) ? best : undefined;
  const isKnown = recognition !== undefined || settings.LOG_FORMAT !== undefined;
  const isCustomerNeeded =
    recognition && settings.CUSTOMER_ID === undefined && !hasCustomer(recognition.draft);
  const wanted = await (recognition ? scanOf(recognition, settings) : fallbackScan(settings));
  const scan = isCustomerNeeded ? { ...withoutNeedOfCustomer(wanted), rules: wanted.rules } : wanted;
  const draft = recognition?.draft ?? parseLogFormat(settings.LOG_FORMAT ?? 'default');
  const firstLines = isKnown ? understoodLines(bytes, isWhole, scan, FIRST_LINES) : [];
  return {
    name: settings.LOG_FORMAT ?? recognition?.known.name,
    recognition,
    nearest: recognition ? undefined : best,
    doubts: recognition ? [] : doubts,
    scan,
    customerFields: isKnown ? fieldsOfLine(draft.unresolved, innerHead(bytes, scan.wrapper)) : [],
    hasPath: isKnown && hasPath(draft),
    customerNeeded: isCustomerNeeded ? waysToCustomer(recognition.draft) : undefined,
    firstLines,
    excludedByRule: excludedByRule(bytes, isWhole, scan),
    strangeLine: firstLines.length > 0 ? undefined : firstLineOf(bytes),
  };
}

/** How lines are judged before their format is known. */
export async function fallbackScan(settings: Settings): Promise<ScanSettings> {
  if (settings.LOG_FORMAT !== undefined) return scanSettingsOf(settings);
  return { format: resolveLogFormat(parseLogFormat('default'), undefined), ...(await partsOf(settings)) };
}

async function scanOf({ draft }: Recognition, settings: Settings): Promise<ScanSettings> {
  const { CUSTOMER_ID: customerId } = settings;
  const format =
    customerId === undefined ? formatWithoutCustomer(draft) : resolveLogFormat(draft, customerId);
  return scanSettingsWith(format, settings);
}

function firstLineOf(bytes: Uint8Array): string {
  return excerptOf(bytes, 0, firstOf(bytes).length);
}

function firstOf(bytes: Uint8Array): Uint8Array {
  const newline = bytes.indexOf(0x0a);
  return newline < 0 ? bytes : bytes.subarray(0, newline);
}

/** The settings with which the other commands read the file. */
function settingsToUse(
  { name, recognition, scan: { wrapper } }: FileFormat,
  settings: Settings,
): Record<string, string> {
  const { CUSTOMER_ID: customerId } = settings;
  const isToSet = name !== undefined && name !== 'default';
  return {
    ...(recognition && isToSet ? { LOG_FORMAT: name } : {}),
    ...(wrapper !== undefined && settings.LOG_WRAPPER === undefined ? { LOG_WRAPPER: wrapper } : {}),
    ...(recognition && customerId !== undefined ? { CUSTOMER_ID: customerId } : {}),
  };
}

/** For `--json`. @param isRecommended whether to name the settings with which to read the file. */
export function formatAsJson(
  format: FileFormat,
  settings: Settings,
  isRecommended: boolean,
): Record<string, unknown> {
  const { name, recognition, nearest, doubts, customerNeeded, firstLines, strangeLine } = format;
  return {
    log_format: name ?? null,
    log_wrapper: format.scan.wrapper ?? null,
    recognised: recognition ? { lines: recognition.lines, understood: recognition.understood } : null,
    nearest: nearest
      ? { log_format: nearest.known.name, lines: nearest.lines, understood: nearest.understood }
      : null,
    reasons: recognition?.known.reasons ?? [],
    doubts,
    settings: isRecommended ? settingsToUse(format, settings) : {},
    customer_id_needed: customerNeeded ?? null,
    customer_fields: format.customerFields,
    excluded_by_rule: format.excludedByRule,
    first_line: strangeLine ?? null,
    first_lines: firstLines.map(({ eventTimeMs, customerId, path, status, durationUs }) => ({
      time: new Date(eventTimeMs).toISOString(),
      customer_id: customerId ?? null,
      request_path: path ?? null,
      status,
      duration: durationUs === undefined ? null : durationUs / 1e6,
    })),
  };
}

/** For people: lines without their indent. */
export function formatAsText(format: FileFormat, settings: Settings, isRecommended: boolean): string[] {
  const { name, recognition, nearest, doubts, customerNeeded, firstLines, strangeLine } = format;
  const text: string[] = [];
  const { wrapper } = format.scan;
  if (wrapper !== undefined) text.push(`wrapper: ${wrapper} (${WRAPPER_TITLES[wrapper]})`);
  if (recognition) {
    const { known, lines, understood } = recognition;
    const what = known.reasons ? `made for these lines (${known.title})` : `${known.name} (${known.title})`;
    text.push(`format: ${what}, which fits ${shareInWords(understood, lines)}`);
    text.push(...(known.reasons ?? []).map((reason) => `  ${reason}`));
  } else if (name === undefined) {
    text.push('format: not recognised; docs/log-formats.md says how to describe it in LOG_FORMAT');
  }
  if (nearest)
    text.push(
      `the nearest is ${nearest.known.name}, but it fits only ${shareInWords(nearest.understood, nearest.lines)}; ${SHARE_NEEDED}`,
    );
  text.push(...doubts);
  for (const [setting, value] of Object.entries(isRecommended ? settingsToUse(format, settings) : {})) {
    text.push(`set ${setting}=${shellWord(value)}`);
  }
  if (customerNeeded !== undefined) text.push(`set CUSTOMER_ID to ${customerNeeded}`);
  if (strangeLine !== undefined) text.push(`the first line is: ${strangeLine}`);
  if (firstLines.length > 0) text.push('the first lines say:', ...firstLines.map(lineAsText));
  for (const { rule, excluded, lines } of format.excludedByRule)
    text.push(`${rule} leaves out ${grouped(excluded)} of the first ${counted(lines, 'line')}`);
  return text;
}

function shareInWords(understood: number, lines: number): string {
  if (lines === 1) return 'the first line';
  return understood === lines
    ? `all of the first ${lines} lines`
    : `${understood} of the first ${lines} lines`;
}

function lineAsText({ eventTimeMs, customerId, path, status, durationUs }: UnderstoodLine): string {
  const parts = [
    new Date(eventTimeMs).toISOString(),
    customerId === undefined ? 'no customer id' : `customer ${customerId}`,
    ...(path === undefined ? [] : [path]),
    `status ${status}`,
    durationUs === undefined ? 'no duration' : `duration ${durationUs / 1e6} s`,
  ];
  return `  ${parts.join(', ')}`;
}
