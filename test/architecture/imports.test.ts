import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. A room may import itself, its entry here, and the files at the top (`TOP`); `types` after a room's name: only types.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  'log-format': ['kernel', 'statistics types', 'window types'],
  statistics: ['kernel', 'log-format types', 'window'],
  window: ['log-format types', 'statistics types'],
  'sample-log': [],
  source: [],
  store: ['statistics', 'window'],
  pipeline: ['source/contract.ts', 'store/contract.ts', 'kernel', 'log-format', 'statistics', 'window'],
  api: ['store/contract.ts', 'statistics', 'window'],
  config: ['statistics', 'window'],
  commands: [
    'log-format',
    'statistics',
    'window',
    'sample-log',
    'source',
    'store',
    'pipeline',
    'api',
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
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('kernel/assembly/'))
  .map((file) => file.replaceAll('\\', '/'));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'|import\('([^']+)'\)/gm,
  );
  return [...statements].map(([, type, from, dynamic]) => {
    const name = from ?? dynamic ?? '';
    const target = name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name;
    return { file, target: target.replaceAll('\\', '/'), isTypeOnly: type !== undefined };
  });
}

const TOP = new Set(['counted.ts', 'errors.ts', 'fingerprint.ts', 'limits.ts', 'nearest.ts', 'printable.ts']);
const roomOf = (path: string): string => path.split('/')[0] ?? '';
const all = files.flatMap(importsOf);
const between = all.filter(({ target }) => target.endsWith('.ts'));

function isAllowed({ file, target, isTypeOnly }: Import): boolean {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === to || TOP.has(target)) return true;
  if (file === 'main.ts') return true;
  return (MAY_IMPORT[from] ?? []).some((entry) => {
    const [place = '', kind] = entry.split(' ');
    return (target === place || to === place) && (kind !== 'types' || isTypeOnly);
  });
}

describe('the rooms of src/', () => {
  it('are those that the rules name', () => {
    const rooms = new Set(files.filter((file) => file.includes('/')).map(roomOf));
    expect([...rooms].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('import only what they may', () => {
    expect(between.filter((statement) => !isAllowed(statement))).toEqual([]);
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
