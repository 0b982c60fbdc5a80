/** The values of JSON lines, by the path that leads to them. */

/** How deep daymark looks for values, and how many paths it tells apart. */
const MAX_DEPTH = 5;
const MAX_PATHS = 300;

/** A text, or a number as the line writes it: `0.100` is not `0.1`. */
export interface Leaf {
  readonly text: string;
  readonly isNumber: boolean;
}

/** A line: its values by path. */
export type JsonLine = ReadonlyMap<string, Leaf>;

/** The lines that are JSON objects. Paths are written as in a mapping: `request.headers.X-Id`, `a\.b`. */
export function jsonLinesOf(lines: readonly string[]): JsonLine[] {
  return lines.flatMap((line) => leavesOf(line) ?? []);
}

function leavesOf(line: string): JsonLine | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const leaves = new Map<string, Leaf>();
    collect(JSON.parse(line, withSource), '', leaves, 0);
    return leaves;
  } catch {
    return undefined;
  }
}

/** A number with its text. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Older engines do not give the source of a value. */
function withSource(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
}

function collect(value: unknown, path: string, leaves: Map<string, Leaf>, depth: number): void {
  if (leaves.size >= MAX_PATHS || depth > MAX_DEPTH) return;
  if (value instanceof NumberText) leaves.set(path, { text: value.text, isNumber: true });
  else if (typeof value === 'string') leaves.set(path, { text: value, isNumber: false });
  else if (Array.isArray(value)) collectFirst(value, path, leaves, depth);
  else if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value))
      collect(member, path === '' ? escaped(key) : `${path}.${escaped(key)}`, leaves, depth + 1);
}

/** The first element of an array counts as its value. */
function collectFirst(
  items: readonly unknown[],
  path: string,
  leaves: Map<string, Leaf>,
  depth: number,
): void {
  const [first] = items;
  if (typeof first === 'string' || first instanceof NumberText) collect(first, path, leaves, depth);
}

function escaped(key: string): string {
  return key.replace(/[\\.]/g, '\\$&');
}
