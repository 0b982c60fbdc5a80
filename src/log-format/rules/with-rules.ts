/** Fits the rules of EXCLUDE and INCLUDE to a format. */

import type { DaymarkError } from '../../errors.ts';
import { MAX_RULE_FIELDS } from '../../limits.ts';
import { parseStatuses } from '../../statuses.ts';
import { placesIn } from '../customer-places.ts';
import type { FieldElement, LogFormat } from '../format.ts';
import { addressStepFor } from '../format-string/client-address.ts';
import { plainName } from '../format-string/customer-names.ts';
import { globOf } from './glob.ts';
import { type Condition, type LineRules, RULE_WORDS, type Rule, type RuleWord } from './line-rules.ts';
import { markFields } from './mark-fields.ts';
import { parseNetwork } from './network.ts';
import { parseRules, type RulesSetting, ruleFault, type WrittenCondition } from './parse-rules.ts';
import { fieldOfName, fieldOfWord, type PartField } from './part-fields.ts';

/** The settings. Undefined: not set. */
export interface RuleTexts {
  readonly exclude: string | undefined;
  readonly include: string | undefined;
}

/** A format with marks on the fields that rules look at, and the rules. */
export interface FormatWithRules {
  readonly format: LogFormat;
  /** Undefined if there are none. */
  readonly rules: LineRules | undefined;
}

/** @throws {DaymarkError} INVALID_SETTING where a rule is wrong, or the format has no field for it. */
export function withRules(format: LogFormat, { exclude, include }: RuleTexts): FormatWithRules {
  if (exclude === undefined && include === undefined) return { format, rules: undefined };
  const slots = new Slots();
  const rules = {
    exclude: exclude === undefined ? [] : rulesOf('EXCLUDE', exclude, format, slots),
    include: include === undefined ? [] : rulesOf('INCLUDE', include, format, slots),
  };
  return { format: markFields(format, slots.byField()), rules };
}

/** A number for each field that rules look at. */
class Slots {
  readonly #fields: (number | string)[] = [];

  /** Undefined: there are too many fields. */
  of(field: number | string): number | undefined {
    const known = this.#fields.indexOf(field);
    if (known >= 0) return known;
    return this.#fields.length === MAX_RULE_FIELDS ? undefined : this.#fields.push(field) - 1;
  }

  byField(): ReadonlyMap<number | string, number> {
    return new Map(this.#fields.map((field, slot) => [field, slot]));
  }
}

function rulesOf(setting: RulesSetting, text: string, format: LogFormat, slots: Slots): Rule[] {
  const conditionOf = (written: WrittenCondition): Condition => {
    const refuse = (why: string) => ruleFault(setting, text, written.at, why);
    return written.name === 'status'
      ? statusCondition(written, refuse)
      : fieldCondition(written, format, slots, refuse);
  };
  return parseRules(setting, text).map(({ written, conditions }) => ({
    written,
    conditions: conditions.map(conditionOf),
  }));
}

type Refuse = (why: string) => DaymarkError;

function statusCondition({ pieces }: WrittenCondition, refuse: Refuse): Condition {
  // `4xx` is 400-499.
  const list = pieces.join('*').replace(/(?<![\w-])([1-5])xx(?![\w-])/gi, '$100-$199');
  const statuses = parseStatuses(list);
  if (!statuses)
    throw refuse('The value of status is a list of codes, ranges and classes, such as 404,300-399,5xx.');
  return { kind: 'status', statuses: [...statuses] };
}

function fieldCondition(
  { name, pieces }: WrittenCondition,
  format: LogFormat,
  slots: Slots,
  refuse: Refuse,
): Condition {
  const word = RULE_WORDS.find((known) => known === name);
  const found = fieldOf(format, name, word);
  if (!found) throw refuse(noSuchField(format, name, word));
  if (isNumber(format, found.field))
    throw refuse('Rules cannot look at a time or a duration; for the status, write status=404.');
  const slot = slots.of(found.field);
  if (slot === undefined) throw refuse(`Rules can look at ${MAX_RULE_FIELDS} fields of a line at most.`);
  if (word === 'client') {
    const hasPort = hasPortAlways(format, found.field) ? { hasPort: true as const } : {};
    return { kind: 'client', slot, network: networkOf(pieces, refuse), ...hasPort };
  }
  const ignoresCase = word === 'method' || word === 'host' || word === 'agent';
  if (word === 'path' && pieces.some((piece) => /[?#]/.test(piece)))
    throw refuse('A path is compared without its query, so the value cannot hold `?` or `#`.');
  return { kind: 'text', slot, part: found.part, glob: globOf(pieces, ignoresCase) };
}

function fieldOf(format: LogFormat, name: string, word: RuleWord | undefined): PartField | undefined {
  return word === undefined || word === 'status' ? fieldOfName(format, name) : fieldOfWord(format, word);
}

/** The fields at an index of a pattern, or with a name. */
function elementsAt(format: LogFormat, at: number | string): readonly FieldElement[] {
  if (format.layout !== 'pattern') return format.fields.filter(({ name }) => name === at);
  return format.elements.filter((each, i): each is FieldElement => typeof each !== 'string' && i === at);
}

/** True for a field that is no text: a time, a status, a duration. */
function isNumber(format: LogFormat, at: number | string): boolean {
  const roles = ['timestamp', 'status', 'duration', 'begin', 'end'];
  return elementsAt(format, at).some(({ field }) => roles.includes(field.role));
}

/** True where a port always stands behind the address of the client, as its name or CUSTOMER_ID says. */
function hasPortAlways(format: LogFormat, at: number | string): boolean {
  return elementsAt(format, at).some((element) => {
    const named = addressStepFor(plainName(element.name), element);
    const steps = [named, ...placesIn(element.field).map(({ steps: [first] }) => first)];
    return steps.some((step) => step?.kind === 'address' && step.hasPort);
  });
}

function networkOf(pieces: readonly string[], refuse: Refuse) {
  const network = pieces.length === 1 ? parseNetwork(pieces[0] ?? '') : undefined;
  if (network) return network;
  throw refuse('The value of client is an address or a network, such as 10.0.0.0/8 or 2001:db8::/32.');
}

function noSuchField(format: LogFormat, name: string, word: RuleWord | undefined): string {
  const words = RULE_WORDS.filter((each) => each === 'status' || fieldOfWord(format, each) !== undefined);
  const known = `It has: ${[...words, ...namesOf(format)].join(', ')}.`;
  if (format.layout === 'pattern' || word === undefined)
    return `The log format has no field \`${name}\`. ${known}`;
  const key = word === 'path' ? 'request_path' : word;
  return `The log format does not say which key is the ${word}. ${known} Add \`${key}=KEY\` to LOG_FORMAT, or name a key in the rule: \`KEY=…\`.`;
}

/** The format's own names of its fields. */
function namesOf(format: LogFormat): string[] {
  if (format.layout !== 'pattern') return [];
  const fields = format.elements.filter((each) => typeof each !== 'string');
  const named = fields.filter(({ field, name }) => field.role === 'skip' && name !== '-');
  return named.map(({ name }) => `${format.sign ?? ''}${name}`);
}
