/** Finds the format of a file for `check`, and describes it. */

import type { Settings } from '../../config/settings.ts';
import { counted, grouped } from '../../counted.ts';
import { excerptOf } from '../../log-format/excerpt.ts';
import {
  hasCustomer,
  hasPath,
  resolveLogFormat,
  waysToCustomer,
} from '../../log-format/format-string/customer.ts';
import { parseLogFormat } from '../../log-format/format-string/parse.ts';
import {
  type CutOff,
  cutOffBy,
  formatWithoutCustomer,
  isFitting,
  type Recognition,
  recognise,
} from '../../log-format/recognise.ts';
import { excludedByRule, type RuleShare } from '../../log-format/rule-shares.ts';
import { withoutNeedOfCustomer } from '../../log-format/sample.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import { type UnderstoodLine, understoodLines } from '../../log-format/understanding.ts';
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
  /** The preset behind whose end the lines go on. Undefined if one fits them whole. */
  readonly cutOff: CutOff | undefined;
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
 * Finds the format of a file: LOG_FORMAT, or else the preset that understands most of its first lines, and at least
 * MIN_RECOGNISED_SHARE of them.
 */
export async function formatOfFile({ bytes, isWhole }: Sample, settings: Settings): Promise<FileFormat> {
  const parts = await partsOf(settings);
  const isAsked = settings.LOG_FORMAT === undefined;
  const best = isAsked ? recognise(bytes, isWhole, parts)[0] : undefined;
  const recognition = best && isFitting(best.understood, best.lines) ? best : undefined;
  const isKnown = recognition !== undefined || settings.LOG_FORMAT !== undefined;
  const isCustomerNeeded =
    recognition && settings.CUSTOMER_ID === undefined && !hasCustomer(recognition.draft);
  const wanted = await (recognition ? scanOf(recognition, settings) : fallbackScan(settings));
  const scan = isCustomerNeeded ? { ...withoutNeedOfCustomer(wanted), rules: wanted.rules } : wanted;
  const draft = recognition?.draft ?? parseLogFormat(settings.LOG_FORMAT ?? 'default');
  const firstLines = isKnown ? understoodLines(bytes, isWhole, scan, FIRST_LINES) : [];
  return {
    name: settings.LOG_FORMAT ?? recognition?.preset.name,
    recognition,
    nearest: recognition ? undefined : best,
    cutOff: isAsked && !recognition ? cutOffBy(bytes, isWhole, parts) : undefined,
    scan,
    customerFields: isKnown ? fieldsOfLine(draft.unresolved, bytes) : [],
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
function settingsToUse({ name, recognition }: FileFormat, settings: Settings): Record<string, string> {
  const { CUSTOMER_ID: customerId } = settings;
  const isToSet = name !== undefined && name !== 'default';
  return {
    ...(recognition && isToSet ? { LOG_FORMAT: name } : {}),
    ...(recognition && customerId !== undefined ? { CUSTOMER_ID: customerId } : {}),
  };
}

/** For `--json`. @param isRecommended whether to name the settings with which to read the file. */
export function formatAsJson(
  format: FileFormat,
  settings: Settings,
  isRecommended: boolean,
): Record<string, unknown> {
  const { name, recognition, nearest, cutOff, customerNeeded, firstLines, strangeLine } = format;
  return {
    log_format: name ?? null,
    recognised: recognition ? { lines: recognition.lines, understood: recognition.understood } : null,
    nearest: nearest
      ? { log_format: nearest.preset.name, lines: nearest.lines, understood: nearest.understood }
      : null,
    goes_on_behind: cutOff?.preset.name ?? null,
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
  const { name, recognition, nearest, cutOff, customerNeeded, firstLines, strangeLine } = format;
  const text: string[] = [];
  if (recognition) {
    const { preset, lines, understood } = recognition;
    text.push(`format: ${preset.name} (${preset.title}), which fits ${shareInWords(understood, lines)}`);
  } else if (name === undefined) {
    text.push('format: not recognised; docs/log-formats.md says how to describe it in LOG_FORMAT');
  }
  if (nearest)
    text.push(
      `the nearest is ${nearest.preset.name}, but it fits only ${shareInWords(nearest.understood, nearest.lines)}; ${SHARE_NEEDED}`,
    );
  if (cutOff)
    text.push(
      `lines begin as ${cutOff.preset.name} and go on, perhaps with a duration (${shareInWords(cutOff.goingOn, cutOff.lines)}): put the server’s own format into LOG_FORMAT`,
    );
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
