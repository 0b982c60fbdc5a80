import fc from 'fast-check';
import { MAX_CUSTOMER_ID_BYTES, MAX_DURATION_US } from '../../src/limits.ts';
import {
  DURATION_UNITS,
  ESCAPES,
  type Escapes,
  type Field,
  type FieldElement,
  type LogFormat,
  type PatternFormat,
  TEXT_KINDS,
  type TextKind,
  type TimestampKind,
} from '../../src/log-format/format.ts';
import {
  anyPlaces,
  CANONICAL_ADDRESSES,
  type CustomerField,
  hasPlaces,
  placesOf,
} from './customer-places.ts';
import { Choice } from './random-choice.ts';
import { randomNumbers } from './random-log.ts';
import { characterBehind, headerOf, renderLine, w3cHeaderOf } from './render.ts';
import { FINE_KINDS, resolutionMs, TIME_FORMS } from './render-times.ts';
import { elementsOf, HOSTS, textKindIn } from './render-values.ts';
import type { ScannedRecord } from './scanning.ts';

const TEMPLATES = [
  '/{customer_id}',
  '/accounts/{customer_id}/orders',
  '/*/users/{customer_id}/',
  '/search?key={customer_id}',
  '/*/v1?k={customer_id}',
];

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** Sources of random choices. */
export const choices = seeds.map((seed) => new Choice(randomNumbers(seed)));
/** How lines are written. The kernel reads the plain ones, and next to none that are odd all over. */
const writers = fc
  .tuple(seeds, fc.constantFrom(1, 0.1, 0.02, 0.002, 0))
  .map(([seed, oddity]) => new Choice(randomNumbers(seed), oddity));

/** Formats of all layouts. */
export const anyFormat: fc.Arbitrary<LogFormat> = choices.map((choice) => {
  const layout = choice.of(['pattern', 'json', 'logfmt', 'ltsv', 'w3c', 'delimited'] as const);
  return formatOf(layout, choice);
});

/** Formats of one layout. */
export function anyFormatOf(layout: LogFormat['layout']): fc.Arbitrary<LogFormat> {
  return choices.map((choice) => formatOf(layout, choice));
}

function formatOf(layout: LogFormat['layout'], choice: Choice): LogFormat {
  const customerPath = choice.once(3) ? choice.of(TEMPLATES) : undefined;
  const places = choice.once(3) ? anyPlaces(customerPath, choice) : undefined;
  const base = {
    escapes: choice.of<Escapes>(ESCAPES),
    ...(customerPath === undefined
      ? {}
      : places
        ? { customerPaths: places.customerPaths }
        : { customerPath }),
  };
  const elements = elementsFor(customerPath !== undefined, places?.fields, choice);
  if (layout === 'pattern') return patternOf(elements, base, choice);
  if (layout === 'json') {
    const hasArrays = choice.once(3);
    const fields = elements.map((element, i) => ({ ...element, path: pathOf(i, hasArrays, choice) }));
    return { ...base, layout, fields };
  }
  if (layout === 'logfmt')
    return { ...base, layout, fields: elements.map((element, i) => ({ ...element, key: keyOf(i) })) };
  if (layout === 'ltsv')
    return {
      ...base,
      layout,
      fields: elements.map((element, i) => ({ ...withoutTab(element), key: labelOf(i) })),
    };
  const fields = elements.map((element, i) => ({ ...element, column: keyOf(i) }));
  if (layout === 'w3c') return { ...base, layout, fields };
  return { ...base, layout, delimiter: choice.of([',', '\t', ';'] as const), fields };
}

/** A tab ends a value of LTSV, so no time of it holds one. */
function withoutTab(element: FieldElement): FieldElement {
  const { field } = element;
  if (!('kind' in field) || !field.kind.includes('%t')) return element;
  return { ...element, field: { ...field, kind: field.kind.replaceAll('%t', ' ') as TimestampKind } };
}

function elementsFor(
  isCustomerInPath: boolean,
  places: readonly CustomerField[] | undefined,
  choice: Choice,
): FieldElement[] {
  const customers = places ?? (isCustomerInPath ? [] : [{ role: 'customer_id' } as const]);
  const path: Field = { role: choice.of(['request_path', 'request'] as const) };
  const fields: Field[] = [
    ...timesOf(choice),
    ...customers,
    ...(isCustomerInPath ? [path] : choice.of([[], [path]])),
    { role: 'status' },
    ...Array.from({ length: choice.below(4) }, () => ({ role: 'skip' }) as const),
  ];
  return choice.shuffled(fields).map((field, i) => {
    const isEventTime = field.role === 'timestamp' || (field.role === 'begin' && fields[0] === field);
    const canBeOptional = !isEventTime && field.role !== 'status';
    const isPlace = field.role === 'customer_id' && field.places !== undefined;
    return { field, name: `${field.role}_${i}`, isOptional: canBeOptional && (isPlace || choice.once(2)) };
  });
}

/** Kinds that the kernel reads, and others. */
const PLAIN_KINDS = [
  'datetime',
  'iso8601',
  'clf',
  'slashes',
  'epoch_s',
  'epoch_ms',
  'epoch_us',
  'epoch_ns',
] as const;
const OTHER_KINDS = ['rfc1123', 'rfc2822', 'ctime', ...TIME_FORMS] as const;

/** One time, or a date and a time. */
function timestampsOf(choice: Choice): Field[] {
  if (choice.once(3)) {
    const kind = choice.of(['datetime', 'iso8601', 'clf'] as const);
    return [
      { role: 'timestamp', kind, part: 'date' },
      { role: 'timestamp', kind, part: 'time' },
    ];
  }
  return [{ role: 'timestamp', kind: choice.once(5) ? choice.of(OTHER_KINDS) : choice.of(PLAIN_KINDS) }];
}

/** The fields for the time of an event and for how long it took, the event time first. */
function timesOf(choice: Choice): Field[] {
  const timestamps = timestampsOf(choice);
  if (choice.once(9)) {
    const begin: Field = { role: 'begin', kind: choice.of(FINE_KINDS) };
    const end: Field = { role: 'end', kind: choice.of(FINE_KINDS) };
    return choice.once(2) ? [begin, end] : [...timestamps, begin, end];
  }
  const durations = Array.from({ length: choice.of([0, 1, 1, 1, 2, 3]) }, () => durationOf(choice));
  return [...timestamps, ...durations];
}

function durationOf(choice: Choice): Field {
  const unit = choice.once(8) ? 'text' : choice.of(DURATION_UNITS.filter((each) => each !== 'text'));
  return {
    role: 'duration',
    unit,
    ...(choice.once(3) ? { isList: true } : {}),
    ...(unit !== 'text' && choice.once(5) ? { unitSuffix: choice.of(['ms', 'µs']) } : {}),
  };
}

const keyOf = (i: number): string => `${['k', 'ключ', 'a.b', 'request_time'][i % 4]}${i}`;

/** A label of LTSV: letters, digits, `_`, `.` and `-`. */
const labelOf = (i: number): string => `${['k', 'Ua', 'a.b', 'request-time', '_'][i % 5]}${i}`;

/** Paths of which some share their beginnings; keys never end others. */
function pathOf(i: number, hasArrays: boolean, choice: Choice): string[] {
  const arrays = [
    ['request', 'headers', keyOf(i), '0'],
    [`a"\\${i}`, '0'],
  ];
  const objects = [[keyOf(i)], ['request', keyOf(i)], ['request', 'headers', keyOf(i)]];
  return choice.of(hasArrays ? [...objects, ...arrays] : objects);
}

const BETWEEN = [' ', ' "', '" ', '" "', '"|"', '|', '] ', ' [', ';', 'ü '];
const BEHIND_UNITS = ['" ', '" "', '"|"', '|', '] ', ';'];
const BEHIND_QUOTED = ['" ', '" "', '"|"'];

function patternOf(
  elements: readonly FieldElement[],
  base: Pick<PatternFormat, 'escapes' | 'customerPath'>,
  choice: Choice,
): PatternFormat {
  const parts = elements
    .map((element) => withTextKind(element, choice))
    .flatMap((element, i) => {
      const isLast = i === elements.length - 1;
      return isLast && choice.once(2) ? [element] : [element, textBehind(element, choice)];
    });
  const lead = choice.of([[], ['['], ['"'], ['<134>']]);
  return { ...base, layout: 'pattern', elements: [...lead, ...parts], isOpenEnded: choice.once(3) };
}

/** Two requests without quotes could end at the same places, so only fields of that role are one. */
const SKIPPED_KINDS: readonly TextKind[] = TEXT_KINDS.filter((kind) => kind !== 'request');

function withTextKind(element: FieldElement, choice: Choice): FieldElement {
  const { role } = element.field;
  if (role !== 'skip' && role !== 'customer_id') return element;
  if (choice.once(6)) return { ...element, isInQuotes: true };
  const text = choice.of(kindsFor(element.field));
  return text === undefined ? element : { ...element, text };
}

/** What the text of a field can be, so that it can still hold the customer id. */
function kindsFor(field: Field): readonly (TextKind | undefined)[] {
  const [place] = field.role === 'customer_id' ? (field.places ?? []) : [];
  if (!place) return [undefined, ...SKIPPED_KINDS.filter((kind) => field.role === 'skip' || kind !== 'list')];
  const [step, ...others] = place.steps;
  const isBareAddress = step?.kind === 'address' && !step.hasPort && others.length === 0;
  return isBareAddress ? [undefined, 'host', 'word'] : [undefined, 'word'];
}

/** Text that cannot be taken for a part of the field before it. */
function textBehind({ field }: FieldElement, choice: Choice): string {
  if (field.role === 'request') return choice.of([...BEHIND_QUOTED, ' ']);
  // A letter behind a unit would be a part of it.
  if (field.role === 'duration' && field.unit === 'text') return choice.of(BEHIND_UNITS);
  // A list goes on behind a space, and so does the time of an Apache log with its offset.
  const goesOn =
    (field.role === 'duration' && field.isList) || (field.role === 'timestamp' && field.part !== undefined);
  return choice.of(goesOn ? BETWEEN.filter((text) => !text.startsWith(' ')) : BETWEEN);
}

const idCharacter = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...'abcXYZ019_-.@/"\'%') },
  { weight: 2, arbitrary: fc.constantFrom(...' \\|];,=&?#{}+\u{a0}é漢😀') },
);
const anyId = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z0-9_.-]{1,20}$/) },
  { weight: 9, arbitrary: fc.string({ unit: idCharacter, minLength: 1, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constant('x'), minLength: 250, maxLength: 255 }) },
);

/** Records that a line of the format can say. */
export function recordOf(format: LogFormat): fc.Arbitrary<ScannedRecord> {
  return fc.record({
    eventTimeMs: eventTimeOf(format),
    customerId: hasPlaces(format) ? idInPlaces(format) : anyId.map((id) => sayableId(format, id)),
    status: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 100, max: 599 }) },
      { weight: 1, arbitrary: fc.constant(0) },
    ),
    durationUs: durationUsOf(format),
  });
}

/** Made once: fast-check takes a millisecond to make one of such strings, more than to write and read a line. */
const plainId = fc.stringMatching(/^[a-z0-9_.]{1,20}$/);

/** An id that can stand in every place of the format. */
function idInPlaces(format: LogFormat): fc.Arbitrary<string> {
  const hasAddress = placesOf(format).some(({ steps }) => steps.some(({ kind }) => kind === 'address'));
  return hasAddress ? fc.constantFrom(...CANONICAL_ADDRESSES) : plainId;
}

/** Times that every timestamp of the format can say. */
function eventTimeOf(format: LogFormat): fc.Arbitrary<number> {
  const kinds = elementsOf(format).flatMap(({ field }): TimestampKind[] =>
    'kind' in field ? [field.kind] : [],
  );
  const isFrom1970 = kinds.some((kind) => kind.startsWith('epoch'));
  const firstMs = isFrom1970 ? 0 : -62_135_596_800_000;
  const hasShortYear = kinds.some((kind) => /%[yD]/.test(kind));
  // 2068 is the last year of two digits.
  const usual = {
    weight: 5,
    arbitrary: fc.integer({ min: 0, max: hasShortYear ? 3_124_223_999_999 : 4_102_444_799_999 }),
  };
  // A request may last a day.
  const lastMs = 253_402_300_799_999 - (kinds.length > 1 ? 86_400_000 : 0);
  const any = { weight: 1, arbitrary: fc.integer({ min: firstMs, max: lastMs }) };
  const resolution = Math.max(...kinds.map(resolutionMs));
  return fc
    .oneof(...(hasShortYear ? [usual] : [usual, any]))
    .map((ms) => Math.floor(ms / resolution) * resolution);
}

/** An id from which is taken out what would end its field, or may not stand in it. */
function sayableId(format: LogFormat, id: string): string {
  const element = elementsOf(format).find(({ field }) => field.role === 'customer_id');
  if (!element) return id;
  const isCut = format.layout === 'pattern' && format.escapes === 'none';
  const cut = isCut ? characterBehind(format, element) : '';
  const kind = textKindIn(format, element);
  if (kind === 'host') return choiceOfHost(id);
  const word = kind === undefined ? id : id.replaceAll(/[ \t[]/g, '_');
  const sayable = (cut ? word.replaceAll(cut, '_') : word).slice(0, MAX_CUSTOMER_ID_BYTES);
  return element.isOptional && (sayable === '-' || sayable === '""') ? '_' : sayable;
}

function choiceOfHost(id: string): string {
  return HOSTS[id.length % HOSTS.length] ?? '';
}

function durationUsOf(format: LogFormat): fc.Arbitrary<number> {
  const durations = elementsOf(format).filter(({ field }) =>
    ['duration', 'begin', 'end'].includes(field.role),
  );
  if (durations.length === 0) return fc.constant(-1);
  const present = fc.oneof(
    fc.integer({ min: 0, max: 9_999_999 }),
    fc.integer({ min: 0, max: MAX_DURATION_US }),
    fc.constantFrom(0, 1, MAX_DURATION_US),
  );
  const canBeMissing = durations.some(({ isOptional }) => isOptional);
  return canBeMissing ? fc.oneof({ weight: 4, arbitrary: present }, fc.constant(-1)) : present;
}

export interface WrittenInFormat {
  readonly record: ScannedRecord;
  readonly text: string;
}

/** A record, and a line of the format that says it. */
export function writtenIn(format: LogFormat): fc.Arbitrary<WrittenInFormat> {
  return fc
    .tuple(recordOf(format), writers)
    .map(([record, choice]) => ({ record, text: renderLine(format, record, choice) }));
}

/** What a partition of the format begins with, before the first line. */
export function headOf(format: LogFormat): Buffer {
  if (format.layout === 'w3c') return Buffer.from(`${w3cHeaderOf(format)}\n#Version: 1.0\n`);
  return Buffer.from(format.layout === 'delimited' ? `${headerOf(format)}\n` : '');
}
