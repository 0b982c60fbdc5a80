/** daymark's names of fields, in patterns and mappings. */

import { nearestHint } from '../../nearest.ts';
import {
  DURATION_UNITS,
  type Field,
  isTimeForm,
  type NeededRole,
  TIMESTAMP_KINDS,
  type TimestampKind,
  type TimestampPart,
} from '../format.ts';
import { formatFault } from './fault.ts';
import { faultOfTimeForm, kindOfTimeForm } from './time-form.ts';

interface RoleText {
  /** The text of the format, and the position of the field in it. */
  readonly text: string;
  readonly at: number;
  readonly role: NeededRole;
  /** The text behind the colon. */
  readonly kind: string | undefined;
  readonly isOptional: boolean;
  /** Half of a time that stands in two places. */
  readonly part?: TimestampPart | undefined;
}

/** @throws {DaymarkError} INVALID_LOG_FORMAT. */
export function fieldOfRole(text: RoleText): { readonly field: Field; readonly isOptional: boolean } {
  const { role, isOptional } = text;
  if (isOptional && (role === 'timestamp' || role === 'status'))
    throw formatFault(text.text, text.at, `The ${role} cannot be optional: a line without one is no record.`);
  return { field: fieldOf(text), isOptional };
}

function fieldOf({ text, at, role, kind, part }: RoleText): Field {
  if (role === 'timestamp' && part)
    return { role, kind: oneOf(text, at, KINDS_IN_HALVES, kind ?? 'iso8601'), part };
  if (role === 'timestamp' || role === 'begin' || role === 'end')
    return { role, kind: timestampKindOf(text, at, kind ?? 'iso8601') };
  if (role === 'duration') return durationOf(text, at, kind);
  if (kind === undefined) return { role };
  throw formatFault(text, at, `${role} takes nothing after a colon.`);
}

/** The kinds that have a date and a time. */
const KINDS_IN_HALVES = TIMESTAMP_KINDS.filter((kind) => !kind.startsWith('epoch'));
function timestampKindOf(text: string, at: number, kind: string): TimestampKind {
  if (!isTimeForm(kind)) return oneOf(text, at, TIMESTAMP_KINDS, kind);
  const known = kindOfTimeForm(kind);
  if (known) return known;
  throw formatFault(text, at, `daymark cannot read times of the form ${kind}. ${faultOfTimeForm(kind)}`);
}

/** Parses `ms`, `ms+unit` (the unit follows the number) or `s+list` (there may be several numbers). */
function durationOf(text: string, at: number, kind: string | undefined): Field {
  if (kind === undefined)
    throw formatFault(text, at, `A duration needs its unit: duration:${DURATION_UNITS.join(', duration:')}.`);
  const [name = '', ...extras] = kind.split('+');
  const unit = oneOf(text, at, DURATION_UNITS, name);
  for (const extra of extras) oneOf(text, at, unit === 'text' ? ['list'] : ['unit', 'list'], extra);
  const suffix = extras.includes('unit') ? { unitSuffix: unit } : {};
  const list = extras.includes('list') ? { isList: true } : {};
  return { role: 'duration', unit, ...suffix, ...list };
}

function oneOf<const T extends string>(text: string, at: number, known: readonly T[], word: string): T {
  const found = known.find((each) => each === word);
  if (found !== undefined) return found;
  throw formatFault(text, at, `${word} is not one of ${known.join(', ')}.${nearestHint(word, known)}`);
}
