import type {
  DelimitedFormat,
  Escapes,
  FieldElement,
  JsonFormat,
  LogFormat,
  LogfmtFormat,
  LtsvFormat,
  PatternFormat,
  W3cFormat,
} from '../../src/log-format/format.ts';
import type { Choice } from './random-choice.ts';
import { type Duration, escaped, textKindIn, textsOf } from './render-values.ts';
import type { ScannedRecord } from './scanning.ts';

/**
 * A line of the format that says the record, with random choices wherever the format leaves one.
 * @param record one that the format can say: see `recordOf` in `formats.ts`.
 */
export function renderLine(format: LogFormat, record: ScannedRecord, choice: Choice): string {
  const texts = textsOf(format, record, choice);
  switch (format.layout) {
    case 'pattern':
      return renderPattern(format, texts, choice);
    case 'json':
      return renderJson(format, texts, choice);
    case 'logfmt':
      return renderLogfmt(format, texts, choice);
    case 'ltsv':
      return renderLtsv(format, texts, choice);
    case 'w3c':
      return renderW3c(format, texts, choice);
    case 'delimited':
      return renderDelimited(format, texts, choice);
  }
}

type Texts = readonly (string | undefined)[];

/** The first character of the text behind a field, at which its value would be cut. */
export function characterBehind({ elements }: PatternFormat, element: FieldElement): string {
  const behind = elements[elements.indexOf(element) + 1];
  return typeof behind === 'string' ? ([...behind][0] ?? '') : '';
}

function renderPattern(format: PatternFormat, texts: Texts, choice: Choice): string {
  const { elements, escapes, isOpenEnded } = format;
  const left = [...texts];
  const line = elements.map((element, i) => {
    if (typeof element === 'string') return element;
    const text = left.shift();
    if (text === undefined) {
      const [before, behind] = [elements[i - 1], elements[i + 1]];
      const isQuoted = `${before}`.endsWith('"') || `${behind}`.startsWith('"');
      return missingText(element, choice, !isQuoted);
    }
    if (['timestamp', 'begin', 'end', 'status', 'duration'].includes(element.field.role)) return text;
    const kind = textKindIn(format, element);
    if (kind === 'list') return text;
    if (kind === 'request') return spacedRequest(text, escapes, choice);
    const avoided = characterBehind(format, element);
    if (escapes === 'none') return avoided ? text.replaceAll(avoided, '') : text;
    const isQuoted = `${elements[i - 1]}`.endsWith('"') && avoided === '"';
    return escaped(text, escapes, choice, avoided, isQuoted);
  });
  const last = elements.at(-1) as FieldElement;
  const endsItself =
    typeof last === 'string' || ['begin', 'end', 'status', 'duration'].includes(last.field.role);
  return line.join('') + (isOpenEnded && endsItself ? choice.of(['', ' and "more"', '|x']) : '');
}

/** A request without quotes: only its path has escapes. */
function spacedRequest(text: string, escapes: Escapes, choice: Choice): string {
  const [first, last] = [text.indexOf(' ') + 1, text.lastIndexOf(' ')];
  return text.slice(0, first) + escaped(text.slice(first, last), escapes, choice) + text.slice(last);
}

/** How an optional field says that there is no value. */
function missingText({ field }: FieldElement, choice: Choice, canBeQuotes = true): string {
  if (field.role !== 'duration') return choice.of(['', '-']);
  return choice.of(['', '-', '-1', ...(canBeQuotes ? ['""'] : [])]);
}

type Tree = Map<string, Tree | string>;

function renderJson(format: JsonFormat, texts: Texts, choice: Choice): string {
  const root: Tree = new Map();
  for (const [i, element] of format.fields.entries()) {
    const leaf = jsonLeaf(element, texts[i], choice);
    if (leaf === undefined) continue;
    let place = root;
    for (const key of element.path.slice(0, -1)) {
      const next = place.get(key) ?? new Map();
      place.set(key, next);
      place = next as Tree;
    }
    place.set(element.path.at(-1) as string, leaf);
  }
  return spaces(choice) + jsonObject(root, choice) + spaces(choice);
}

function jsonLeaf(
  element: JsonFormat['fields'][number],
  text: string | undefined,
  choice: Choice,
): string | undefined {
  if (text === undefined) {
    const missing = [undefined, 'null', '[]', '-', JSON.stringify(missingText(element, choice))];
    // An array cannot have an empty element.
    return choice.of(element.path.includes('0') ? missing : [...missing, '']);
  }
  const isNumber = /^\d+(\.\d+)?$/.test(text) && element.field.role !== 'customer_id';
  const value = isNumber && !choice.once(2) ? jsonNumber(element, text, choice) : jsonString(text, choice);
  return choice.once(6) ? `[${value}${choice.of(['', ` ,${anyJson(choice)}`])}]` : value;
}

function jsonNumber({ field }: FieldElement, text: string, choice: Choice): string {
  const plain = text.replace(/^0+(?=\d)/, '');
  const { role, unit } = field as Partial<Duration>;
  if (role !== 'duration' || unit === 'text' || !choice.once(2)) return plain;
  const [whole = '', fraction = ''] = plain.split('.');
  const places = choice.below(9);
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const scaled = choice.of([`${digits}`, `${digits}.${'0'.repeat(places + 1)}`]);
  return `${scaled}${choice.of(['e', 'E'])}-${choice.of(['', '0'])}${fraction.length}`;
}

function jsonString(text: string, choice: Choice): string {
  return `"${escaped(text, 'json', choice, '"', true)}"`;
}

function jsonObject(tree: Tree, choice: Choice): string {
  const members = [...tree].flatMap(([key, value]) => {
    const name = jsonString(key, choice);
    const text = typeof value === 'string' ? value : jsonContainer(value, choice);
    const isTwice = choice.once(5);
    return [(isTwice ? `${name}:${anyJson(choice)},` : '') + [name, text].join(`${spaces(choice)}:`)];
  });
  const others = Array.from({ length: choice.below(3) }, () => `"x${choice.below(9)}":${anyJson(choice)}`);
  return `{${spaces(choice)}${choice.shuffled([...members, ...others]).join(`${spaces(choice)},${spaces(choice)}`)}}`;
}

/** An array where every key is its index, once in a while. */
function jsonContainer(tree: Tree, choice: Choice): string {
  const only = tree.size === 1 ? tree.get('0') : undefined;
  if (only === undefined || choice.once(3)) return jsonObject(tree, choice);
  const first = typeof only === 'string' ? only : jsonContainer(only, choice);
  return `[${spaces(choice)}${first}${choice.of(['', `,${anyJson(choice)}`])}${spaces(choice)}]`;
}

function spaces(choice: Choice): string {
  return choice.of(['', '', '', ' ', '\t ']);
}

/** Any value, nested, with texts that look like the end of one. */
function anyJson(choice: Choice, depth = 3): string {
  if (depth === 0 || choice.once(2))
    return choice.of(['null', 'true', '-1.5e+3', '""', '"}"', '"\\"]"', '"\\\\"', '"\\ud83d"', '{}', '[]']);
  const items = Array.from({ length: choice.below(4) }, () => anyJson(choice, depth - 1));
  if (choice.once(2)) return `[${items.join(' , ')}]`;
  return `{${items.map((item) => `${choice.of(['"status"', '"a\\"b"', '""'])} :${item}`).join(',')}}`;
}

function renderLogfmt(format: LogfmtFormat, texts: Texts, choice: Choice): string {
  const pairs = format.fields.flatMap((element, i) => {
    const text = texts[i] ?? missingText(element, choice);
    const pair = `${element.key}=${logfmtValue(text, choice)}`;
    const without = text === '' ? ['', element.key, pair] : [pair];
    return choice.once(6) && text !== '' ? [`${element.key}=other ${pair}`] : [choice.of(without)];
  });
  const others = choice.of([[], ['level=info'], ['x', 'y='], ['msg="a \\"b\\" status=1"', '=z']]);
  return choice.shuffled([...pairs, ...others]).join(choice.of([' ', '\t', '  ']));
}

function logfmtValue(text: string, choice: Choice): string {
  const isBare = !/^"|[\s\p{Cc}]/u.test(text) && !choice.once(3);
  return isBare ? text : jsonString(text, choice);
}

function renderLtsv({ fields, escapes }: LtsvFormat, texts: Texts, choice: Choice): string {
  const pairs = fields.flatMap((element, i) => {
    const value = texts[i]?.replaceAll('\t', ' ');
    const text = value === undefined ? missingText(element, choice) : escaped(value, escapes, choice);
    const isTime = element.field.role === 'timestamp';
    const pair = `${element.key}:${isTime && choice.once(8) ? `[${text}]` : text}`;
    return choice.once(6) && text !== '' ? [`${element.key}:other\t${pair}`] : text === '' ? [] : [pair];
  });
  const others = choice.of([[], ['size:7'], ['x.y-Z_9:', 'ua:a "b" \\ é: c'], ['']]);
  return choice.shuffled([...pairs, ...others]).join('\t');
}

function renderW3c({ fields, escapes }: W3cFormat, texts: Texts, choice: Choice): string {
  const cells = fields.map((element, i) =>
    texts[i] === undefined ? missingText(element, choice) : escaped(texts[i], escapes, choice),
  );
  const all = [choice.of(['-', 'x']), ...cells, choice.of(['-', 'a,"b";c'])];
  const mayHaveSpaces = !all.some((cell) => cell.includes('\t'));
  const delimiter = mayHaveSpaces && choice.once(4) ? ' ' : '\t';
  const line = all.map((cell) => quoted(cell, delimiter, choice)).join(delimiter);
  return line + (delimiter === ' ' ? choice.of(['', ' ', '  ']) : '');
}

/** The line that names the columns of what {@link renderLine} writes. */
export function w3cHeaderOf({ fields }: W3cFormat): string {
  return ['#Fields:', 'x-first', ...fields.map(({ column }) => column), 'x-last'].join(' ');
}

function renderDelimited(
  { fields, delimiter, escapes }: DelimitedFormat,
  texts: Texts,
  choice: Choice,
): string {
  const cells = fields.map((element, i) => {
    const text = texts[i] === undefined ? missingText(element, choice) : escaped(texts[i], escapes, choice);
    return quoted(text, delimiter, choice);
  });
  return [...cells, quoted(choice.of(['', 'a,"b";\tc']), delimiter, choice)].join(delimiter);
}

function quoted(text: string, delimiter: string, choice: Choice): string {
  const isBare = !text.includes(delimiter) && !text.startsWith('"') && !choice.once(3);
  return isBare ? text : `"${text.replaceAll('"', '""')}"`;
}

/** The line that names the columns of what {@link renderLine} writes. */
export function headerOf({ fields, delimiter }: DelimitedFormat): string {
  return [...fields.map(({ column }) => column), 'other'].join(delimiter);
}
