import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. A room may always import itself and the files at the top (`TOP`). It may also import what its
 * entry here names: a room, or one file. `types` behind a name permits only types.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  window: [],
  'log-format': ['kernel', 'window'],
  statistics: ['kernel', 'log-format types', 'window'],
  'sample-log': [],
  source: [],
  store: ['kernel', 'statistics', 'window'],
  pipeline: ['source/contract.ts', 'store/contract.ts types', 'kernel', 'log-format', 'statistics', 'window'],
  metrics: [],
  tracing: ['pipeline/types.ts types', 'config types'],
  api: ['store/contract.ts types', 'tracing/contract.ts types', 'metrics', 'statistics', 'window'],
  config: ['statistics', 'window'],
  client: [],
  commands: [
    'log-format',
    'statistics',
    'window',
    'sample-log',
    'source',
    'store',
    'pipeline',
    'api',
    'metrics',
    'tracing',
    'config',
  ],
};

/** What the pure core may use of the runtime: functions of bytes, nothing of the world. */
const PURE = new Set(['kernel', 'log-format', 'statistics', 'window', 'sample-log']);
const PURE_MODULES = new Set(['node:buffer']);
/** What reads a clock, a file, the network or chance without an import. */
const IMPURE_GLOBALS =
  /\b(Date\.now|new Date\(\)|performance\.|process\.|fetch\(|Math\.random|setTimeout|crypto\.)/;

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

const root = join(import.meta.dirname, '../../src');
const everyFile = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));
/** AssemblyScript has a compiler of its own, and imports without an extension. */
const isAssembly = (file: string): boolean => file.startsWith('kernel/assembly/');
const files = everyFile.filter((file) => !isAssembly(file));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'|import\('([^']+)'\)/gm,
  );
  return [...statements].map(([, type, from, dynamic]) => {
    const name = from ?? dynamic ?? '';
    const path = isAssembly(file) ? `${name}.ts` : name;
    const target = name.startsWith('.') ? relative(root, join(root, dirname(file), path)) : name;
    return { file, target: target.replaceAll('\\', '/'), isTypeOnly: type !== undefined };
  });
}

/** They start the program, and choose what runs. */
const STARTS = new Set(['main.ts', 'executable.ts']);

const TOP = new Set([
  'api-error-table.ts',
  'api-limits.ts',
  'counted.ts',
  'error-definition.ts',
  'error-table.ts',
  'errors.ts',
  'fingerprint.ts',
  'limits.ts',
  'nearest.ts',
  'printable.ts',
  'statuses.ts',
  'thread-error.ts',
]);
const roomOf = (path: string): string => path.split('/')[0] ?? '';
const all = files.flatMap(importsOf);
const between = all.filter(({ target }) => target.endsWith('.ts'));

/** True where an import needs no entry. */
function isAlwaysAllowed({ file, target }: Import): boolean {
  return roomOf(file) === roomOf(target) || TOP.has(target) || STARTS.has(file);
}

/** True where an entry of the importing room permits the import. */
function permits(entry: string, { target, isTypeOnly }: Import): boolean {
  const [name = '', kind] = entry.split(' ');
  return (target === name || roomOf(target) === name) && (kind !== 'types' || isTypeOnly);
}

function isAllowed(statement: Import): boolean {
  const entries = MAY_IMPORT[roomOf(statement.file)] ?? [];
  return isAlwaysAllowed(statement) || entries.some((entry) => permits(entry, statement));
}

/** True where a room needs an entry: without it, some import would be forbidden, or only types are imported. */
function isUsed(room: string, entry: string): boolean {
  const others = (MAY_IMPORT[room] ?? []).filter((other) => other !== entry);
  const needing = between.filter(
    (statement) =>
      roomOf(statement.file) === room &&
      !isAlwaysAllowed(statement) &&
      permits(entry, statement) &&
      !others.some((other) => permits(other, statement)),
  );
  return entry.endsWith(' types') ? needing.length > 0 : needing.some(({ isTypeOnly }) => !isTypeOnly);
}

/** The circles of imports: each is a list of files in which one imports the next, and the last imports the first. */
function circlesOf(imports: readonly Import[]): string[][] {
  const targets = Map.groupBy(imports, ({ file }) => file);
  const finished = new Set<string>();
  const circles: string[][] = [];
  function visit(file: string, path: readonly string[]): void {
    const begin = path.indexOf(file);
    if (begin >= 0) circles.push(path.slice(begin));
    if (begin >= 0 || finished.has(file)) return;
    for (const { target } of targets.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  }
  for (const file of targets.keys()) visit(file, []);
  return circles;
}

describe('the page', () => {
  const web = join(import.meta.dirname, '../../web/src');
  const sources = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(ts|svelte)$/.test(name),
  );

  it('knows of src/ what every client knows and the rule of its colours, and loads nothing else', () => {
    const imports = sources.flatMap((name) =>
      Array.from(
        readFileSync(join(web, name), 'utf8').matchAll(/(?:from|import) '([^']+)'/g),
        ([, target = '']) => target,
      ),
    );
    const packages = new Set(imports.filter((target) => !target.startsWith('.')));
    expect([...packages].sort()).toEqual([
      ...['daymark/client', 'eventsource-parser', 'svelte', 'uplot', 'uplot/dist/uPlot.min.css'],
    ]);
    const outside = sources.flatMap((name) =>
      Array.from(readFileSync(join(web, name), 'utf8').matchAll(/from '(\.[^']+)'/g), ([, target = '']) =>
        relative(web, join(web, dirname(name), target)),
      ).filter((target) => target.startsWith('..')),
    );
    expect([...new Set(outside)]).toEqual(['../../src/statistics/judgement.ts']);
  });

  it('makes no HTML out of text', () => {
    const raw = sources.filter((name) =>
      /\{@html|innerHTML|\bon\w+="|<style>[^<]*url\(/.test(readFileSync(join(web, name), 'utf8')),
    );
    expect(raw).toEqual([]);
  });
});

describe('the rooms of src/', () => {
  it('are those that the rules name', () => {
    const rooms = new Set(files.filter((file) => file.includes('/')).map(roomOf));
    expect([...rooms].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('import only what they may', () => {
    expect(between.filter((statement) => !isAllowed(statement))).toEqual([]);
  });

  it('use every permission that they have', () => {
    const entries = Object.entries(MAY_IMPORT).flatMap(([room, names]) =>
      names.map((name) => ({ room, name })),
    );
    expect(entries.filter(({ room, name }) => !isUsed(room, name))).toEqual([]);
  });

  it('import nothing in a circle, types and the kernel included', () => {
    const inSrc = everyFile.flatMap(importsOf).filter(({ target }) => everyFile.includes(target));
    expect(inSrc.filter(({ file }) => isAssembly(file)).length).toBeGreaterThan(50);
    expect(circlesOf(inSrc)).toEqual([]);
  });

  it('found imports at all', () => {
    expect(between.length).toBeGreaterThan(100);
  });

  it('let each source and each store stand alone: their implementations do not know each other', () => {
    const crossing = between.filter(({ file, target }) => {
      const [a, b] = [file.split('/'), target.split('/')];
      // `source/compression/` is none: it is what the sources share.
      const isSubroom = (path: string[]) =>
        (path[0] === 'store' || path[0] === 'source') && path.length === 3 && path[1] !== 'compression';
      return isSubroom(a) && isSubroom(b) && a[1] !== b[1];
    });
    expect(crossing).toEqual([]);
  });

  it('keep the pure core free of files, network, databases, clocks and chance', () => {
    const modules = all.filter(
      ({ file, target, isTypeOnly }) => PURE.has(roomOf(file)) && !target.endsWith('.ts') && !isTypeOnly,
    );
    expect(modules.filter(({ target }) => !PURE_MODULES.has(target))).toEqual([]);
    const pure = files.filter((file) => PURE.has(roomOf(file)) && !file.endsWith('.generated.ts'));
    const impure = pure.filter((file) => IMPURE_GLOBALS.test(readFileSync(join(root, file), 'utf8')));
    expect(impure).toEqual([]);
  });
});
