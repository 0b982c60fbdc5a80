import { nearestHint } from '../../nearest.ts';
import type { LogFormat } from '../format.ts';
import { PRESETS, presetNamed } from '../presets.ts';
import { parseApache } from './apache.ts';
import type { LogFormatDraft } from './customer.ts';
import { parseDaymarkPattern } from './daymark-pattern.ts';
import { parseEnvoy } from './envoy.ts';
import { formatFault } from './fault.ts';
import { MAPPING, parseMapping } from './mapping.ts';
import { parseNginx } from './nginx.ts';

interface Dialect {
  /** Matches texts in this dialect, and no texts in others. */
  readonly signature: RegExp;
  readonly parse: (text: string) => LogFormat;
}

/** The dialects, by the prefix that names one: `nginx: …`. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  nginx: { signature: /\$\{?[a-z]/, parse: parseNginx },
  apache: {
    signature: /%[!<>,\d]*(\{[^}]*\})?[<>]?(\^[A-Za-z]{2}|[A-Za-z])(?![A-Z_]+[%(])/,
    parse: parseApache,
  },
  envoy: { signature: /%[A-Z][A-Z0-9_]+(\([^)]*\))?(:\d+)?%/, parse: parseEnvoy },
  pattern: { signature: /(?<![%$][!<>,\d]*)\{(-|\.\.\.\}|[a-z_]+[:?}])/, parse: parseDaymarkPattern },
};

/**
 * Parses the text of LOG_FORMAT: the name of a preset, one of daymark's own patterns, a format from nginx, Apache or
 * Envoy, or a mapping.
 * @throws {DaymarkError} INVALID_LOG_FORMAT, with the place in the text and what is known there.
 */
export function parseLogFormat(text: string): LogFormatDraft {
  const name = text.trim();
  const preset = presetNamed(text);
  if (preset) return parseLogFormat(preset.format);
  if (MAPPING.test(text)) return { unresolved: parseMapping(text) };
  const [prefix, dialect] = /^\s*([a-z]+):/.exec(text) ?? [];
  const named = DIALECTS[dialect ?? ''];
  if (prefix !== undefined && named)
    return { unresolved: named.parse(text.slice(prefix.length).trimStart()) };
  if (/^[\w-]*$/.test(name)) throw unknownName(text, name);
  return { unresolved: dialectOf(text).parse(text) };
}

function unknownName(text: string, name: string): Error {
  const known = PRESETS.map((preset) => preset.name);
  const hint = nearestHint(name, known);
  return formatFault(text, undefined, `There is no preset of this name. Known: ${known.join(', ')}.${hint}`);
}

/** A form of time in a pattern decides the dialect, and so do whole directives, and operators of all Envoy formats. */
const CERTAIN: readonly (readonly [RegExp, string])[] = [
  [/(?<!%[!<>,\d]*)\{(timestamp|date|time|begin|end):[^{}]*%/, 'pattern'],
  [/^\s*log_format\s/, 'nginx'],
  [/^\s*(LogFormat|CustomLog|GlobalLog)\s/i, 'apache'],
  [/%START_TIME[%(]|%RESPONSE_CODE%/, 'envoy'],
];

function dialectOf(text: string): Dialect {
  const certain = CERTAIN.find(([signature]) => signature.test(text))?.[1];
  const fitting = certain
    ? [certain]
    : Object.keys(DIALECTS).filter((name) => DIALECTS[name]?.signature.test(text));
  const dialect = DIALECTS[fitting[0] ?? ''];
  if (dialect && fitting.length === 1) return dialect;
  const finding =
    fitting.length === 0
      ? 'It has no field of any format that daymark knows'
      : `It can be read as ${fitting.join(' and as ')}`;
  const known = Object.keys(DIALECTS).map((name) => `\`${name}:\``);
  throw formatFault(text, undefined, `${finding}. Say which it is: put ${known.join(', ')} before it.`);
}
