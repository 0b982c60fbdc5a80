import type { LogFormat } from '../../src/log-format/format.ts';
import { globOf } from '../../src/log-format/rules/glob.ts';
import type { Condition, LineRules, Rule, TextPart } from '../../src/log-format/rules/line-rules.ts';
import { parseNetwork } from '../../src/log-format/rules/network.ts';
import type { Choice } from './random-choice.ts';
import { elementsOf } from './render-values.ts';

const TEXTS = [
  ...['GET', 'POST', '/api/v1/resource1', '/', '/a', '*', '/%zz', '/x', '/accounts/', 'HTTP/1.1', '-', ''],
  ...[
    'Mozilla/5.0 (X11; "like" Gecko)',
    'gecko',
    'MOZILLA',
    'é 漢',
    '192.0.2.9',
    '::1',
    'a\\b\\',
    'localhost',
  ],
];
const NETWORKS = [
  '192.0.2.0/24',
  '192.0.2.9',
  '0.0.0.0/0',
  '255.255.255.255',
  '2001:db8::/32',
  '::1',
  '::/0',
];

/** Random rules for a format, and the format with marks on the fields that they look at. */
export function rulesFor(format: LogFormat, choice: Choice): { format: LogFormat; rules: LineRules } {
  const texts = elementsOf(format).filter(
    ({ field }) => !['timestamp', 'status', 'duration', 'begin', 'end'].includes(field.role),
  );
  const seen = choice.shuffled(texts).slice(0, 1 + choice.below(3));
  const slots = new Map(seen.map((element, slot) => [element, slot]));
  const conditionOf = (): Condition => {
    const element = seen.length > 0 && !choice.once(5) ? choice.of(seen) : undefined;
    if (!element)
      return { kind: 'status', statuses: choice.of([[0], [200, 404], range(100, 400), range(0, 600)]) };
    const slot = slots.get(element) ?? 0;
    if (choice.once(5)) return { kind: 'client', slot, network: networkOf(choice) };
    return { kind: 'text', slot, part: partOf(element.field.role, choice), glob: anyGlob(choice) };
  };
  const rules = (count: number): Rule[] =>
    Array.from({ length: count }, () => ({
      written: '',
      conditions: Array.from({ length: 1 + choice.below(3) }, conditionOf),
    }));
  const mark = <E extends object>(each: E): E =>
    slots.has(each as never) ? { ...each, slot: slots.get(each as never) } : each;
  const marked =
    format.layout === 'pattern'
      ? { ...format, elements: format.elements.map((each) => (typeof each === 'string' ? each : mark(each))) }
      : { ...format, fields: format.fields.map(mark) };
  return {
    format: marked as LogFormat,
    rules: { exclude: rules(choice.below(4)), include: rules(choice.of([0, 0, 2])) },
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function networkOf(choice: Choice) {
  const network = parseNetwork(choice.of(NETWORKS));
  if (!network) throw new Error('not a network');
  return network;
}

function partOf(role: string, choice: Choice): TextPart {
  if (role === 'request')
    return choice.of(['value', 'method of request', 'path of request', 'path'] as const);
  return role === 'request_path' ? choice.of(['value', 'path', 'path'] as const) : 'value';
}

/** A glob that fits some of the values of rendered lines. */
function anyGlob(choice: Choice) {
  const text = choice.of(TEXTS);
  const from = choice.below(text.length + 1);
  const part = text.slice(from, from + choice.below(text.length + 2));
  const pieces = choice.of([
    [text],
    [text, ''],
    ['', text],
    ['', part, ''],
    [text.slice(0, from), text.slice(from)],
    ['', part.slice(0, 1), part.slice(1, 2), ''],
    ['', ''],
    ['', '', part],
  ]);
  // A path holds no query, so a piece with one is refused before a rule is made.
  return globOf(
    pieces.map((piece) => piece.replace(/[?#]/g, '')),
    choice.once(2),
  );
}
