/**
 * Bundles the program into `dist/`. One file a command instead of hundreds of modules: loading kysely alone from
 * its own files took 100 to 150 ms, and 8 ms from a bundle.
 */
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'rolldown';

/** All but the API, PostgreSQL, the commands' own code, and what only they use. */
const CORE =
  /node_modules\/(kysely|fastest-levenshtein)|src\/((errors|limits|nearest)\.ts|(config|kernel|log-format|pipeline|source|statistics|window)\/|store\/(?!postgres)|commands\/(open|report|scan-settings|signals|ingest-job|zones))/;

interface Manifest {
  readonly dependencies: Record<string, string>;
}

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

rmSync('dist', { recursive: true, force: true });
await build({
  input: {
    main: 'src/main.ts',
    'ingest-thread': 'src/commands/ingest-thread.ts',
    'scan-thread': 'src/commands/scan-thread.ts',
  },
  platform: 'node',
  external,
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    // What every command needs in one file: each further one costs a millisecond to load.
    codeSplitting: { groups: [{ name: 'core', test: CORE }] },
  },
});
