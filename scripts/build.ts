/**
 * Bundles the program into `dist/`. One file a command instead of hundreds of modules: loading kysely alone from
 * its own files took 100 to 150 ms, and 8 ms from a bundle. Writes `THIRD_PARTY_NOTICES` for what it bundles; with
 * `--check`, builds nothing and only says whether that file is right.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type BuildOptions, build } from 'rolldown';
import { noticesOf } from './notices.ts';

/** What reads and stores. Commands that let a thread do that begin without it. */
const ENGINE =
  /node_modules\/kysely|src\/(pipeline\/|source\/|store\/(?!postgres)|commands\/(open|scan-settings|ingest-job|zones))/;

/** What every command needs in one file: each further one costs a millisecond to load. */
const CORE =
  /node_modules\/fastest-levenshtein|src\/((errors|limits|nearest|printable|pipeline\/thread-error)\.ts|(config|kernel|log-format|statistics|window)\/|commands\/(report|signals))/;

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
  // The oldest Node of package.json's engines: syntax that it does not know is rewritten.
  transform: { target: 'node22.22' },
} as const;
const output = {
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  sourcemap: true,
} as const;

const bundles: readonly BuildOptions[] = [
  {
    ...shared,
    input: { main: 'src/main.ts', 'ingest-thread': 'src/commands/ingest-thread.ts' },
    output: {
      ...output,
      codeSplitting: {
        groups: [
          { name: 'core', test: CORE, priority: 1 },
          { name: 'engine', test: ENGINE },
        ],
      },
    },
  },
  // By itself: the whole core, most of which is kysely, took each scan thread 28 ms of its start.
  { ...shared, input: { 'scan-thread': 'src/commands/scan-thread.ts' }, output },
];

if (!isCheck) rmSync('dist', { recursive: true, force: true });
const moduleIds: string[] = [];
for (const bundle of bundles) {
  const { output: files } = await build(bundle);
  moduleIds.push(...files.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])));
}
const notices = noticesOf(moduleIds);
if (!isCheck) {
  writeFileSync(NOTICES, notices);
} else if (readFileSync(NOTICES, 'utf8') !== notices) {
  console.error(`${NOTICES} is not what the bundles hold. Run: npm run build`);
  process.exitCode = 1;
}
