/**
 * Bundles the program into `dist/`, the page, and the client with its types: a bundle for each entry point, and separate files for code that only one command
 * needs. Loading kysely took 100 to 150 ms from its own files, and 8 ms from a bundle. It also writes
 * `THIRD_PARTY_NOTICES` for the bundled packages. With `--check`, it builds nothing and only says whether that file is
 * up to date.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import {
  type BuildOptions,
  build,
  type ChunkingContext,
  type CodeSplittingGroup,
  type RolldownOutput,
} from 'rolldown';
import { noticesOf } from './notices.ts';
import { buildPage } from './web.ts';

interface Manifest {
  readonly dependencies: Record<string, string>;
}

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

const NOTICES = 'THIRD_PARTY_NOTICES';
const isCheck = process.argv.includes('--check');

const shared = {
  platform: 'node',
  external,
  write: !isCheck,
  // What one command loads later, another one needs at once.
  checks: { ineffectiveDynamicImport: false },
  // The oldest Node of package.json's engines. Newer syntax is rewritten.
  transform: { target: 'node22.22' },
} as const;
const output = {
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  sourcemap: true,
  // Names stay, for stack traces. Compression saved a run of 100 lines 4 MB of memory.
  minify: { compress: true, mangle: false, codegen: true },
} as const;

const STORE = ['store/sqlite/open'];

/**
 * The program, its processes and its threads. A thread has its own bundle, so it loads only what it runs: a run of 100 lines took
 * 8 % less time than with files that threads and commands shared.
 *
 * Each list is what a run loads together. It makes one file, without what an earlier file has. `ingest` loads its job only where it
 * runs it itself, on one processor. A run of 100 lines loaded 28
 * files and took a quarter longer where the bundler cut them. An entry point stands in no list: it awaits its work, and a file
 * that is loaded meanwhile and imports it would wait for ever.
 */
const BUNDLES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  main: [
    ['commands/cli/program'],
    ['commands/ingest', 'commands/ingesting/threads'],
    ['commands/ingesting/ingest-job'],
    STORE,
  ],
  'commands/ingesting/ingest-thread': [['commands/ingesting/ingest-job'], STORE],
  'commands/serving/processes/api-process': [['commands/serve', 'api/app'], STORE],
  'commands/pushing/push-thread': [['commands/pushing/push-job'], STORE],
  'commands/ingesting/scan-thread': [['pipeline/worker-pool/scan-worker', 'source/byte-reader']],
  'commands/ingesting/merge-thread': [['pipeline/spill/merge-service', 'store/run-file']],
  'commands/ingesting/kafka-thread': [['source/kafka/cluster-service']],
  // For other programs: `import … from 'daymark/client'`.
  'client/client': [['client/client']],
};

const bundles: readonly BuildOptions[] = Object.entries(BUNDLES).map(([entry, lists]) => ({
  ...shared,
  input: sourceOf(entry),
  output: { ...output, codeSplitting: { groups: lists.map((names, i) => groupOf(names, lists.length - i)) } },
}));

function sourceOf(name: string): string {
  return resolve('src', `${name}.ts`);
}

function groupOf(names: readonly string[], priority: number): CodeSplittingGroup {
  const [name = ''] = names;
  let closure: ReadonlySet<string> | undefined;
  return {
    name: (id, context) => {
      closure ??= closureOf(names.map(sourceOf), context);
      return closure.has(id) ? basename(name) : null;
    },
    debugName: name,
    priority,
  };
}

/** Modules, and all that they import. */
function closureOf(roots: readonly string[], context: ChunkingContext): ReadonlySet<string> {
  const closure = new Set(roots);
  for (const id of closure)
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) closure.add(imported);
  return closure;
}

/** @throws where a file that is loaded later would wait for the entry point that loads it. */
function assertNobodyImportsEntry(files: RolldownOutput['output']): void {
  const chunks = files.filter((file) => file.type === 'chunk');
  const entries = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  const waiting = chunks.find(({ imports }) => imports.some((name) => entries.has(name)));
  if (waiting) throw new Error(`${waiting.fileName} imports the entry point of its bundle`);
}

if (!isCheck) rmSync('dist', { recursive: true, force: true });
const moduleIds: string[] = [];
for (const bundle of bundles) {
  const { output: files } = await build(bundle);
  assertNobodyImportsEntry(files);
  moduleIds.push(...files.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])));
}
moduleIds.push(...(await buildPage(!isCheck)));
const notices = noticesOf(moduleIds);
if (!isCheck) {
  // npm makes it executable only when it links the package, and `npx` runs it from here after any later build.
  chmodSync('dist/main.js', 0o755);
  writeFileSync(NOTICES, notices);
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.client.json'], {
    stdio: 'inherit',
  });
} else if (readFileSync(NOTICES, 'utf8') !== notices) {
  console.error(`${NOTICES} is out of date. Run: npm run build`);
  process.exitCode = 1;
}
