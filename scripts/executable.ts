/**
 * `npm run build:executable` makes `dist-executable/daymark-linux-x64`: one file that holds Node.js, the program, its threads, the
 * page and the pages of `/docs`. It is a "single executable application" of Node. `--node FILE --arch arm64` puts the program into
 * the Node of another processor; the version must be the same.
 *
 * Everything is bundled, packages too, into scripts that the executable holds and loads by itself: it has no files beside it, and
 * writes none.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { inject } from 'postject';
import { build } from 'rolldown';
import { noticesOf } from './notices.ts';

/** By this, Node finds the program in its own file. */
const RESOURCE = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const STRIP_OF_OTHERS: Readonly<Record<string, string>> = {
  arm64: 'aarch64-linux-gnu-strip',
  x64: 'x86_64-linux-gnu-strip',
};
/** The files of Swagger UI that its page loads. */
const SWAGGER_FILES =
  /^(favicon-(16|32)x(16|32)\.png|index\.css|swagger-ui\.css|swagger-ui-(bundle|standalone-preset)\.js)$/;

/** The program and its processes, and its threads. They share what they load. */
const ENTRIES = [
  ...(['executable', 'commands/ingesting/ingest-thread', 'commands/ingesting/scan-thread'] as const),
  ...(['commands/ingesting/merge-thread', 'commands/ingesting/kafka-thread'] as const),
  ...(['commands/pushing/push-thread'] as const),
] as const;
const LOADER = 'scripts/executable-loader.cjs';

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    arch: { type: 'string', default: process.arch },
    out: { type: 'string', default: 'dist-executable' },
  },
});
const work = join(values.out, 'work');
const scripts = join(work, 'program');

/** @returns the ids of the modules in the scripts. */
async function bundle(): Promise<string[]> {
  const { output } = await build({
    input: Object.fromEntries(ENTRIES.map((entry) => [basename(entry), resolve('src', `${entry}.ts`)])),
    platform: 'node',
    transform: { target: 'node24' },
    // An optional addon of `pg`, which daymark does not use.
    external: ['pg-native'],
    resolve: {
      alias: {
        '@fastify/static': resolve('src/commands/serving/embedded-static.ts'),
        // Its other form reads the codecs of Kafka from a file beside it.
        '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled',
      },
    },
    checks: { ineffectiveDynamicImport: false, eval: false },
    output: {
      dir: scripts,
      format: 'cjs',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      minify: { compress: true, mangle: false, codegen: true },
    },
  });
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}

/** The licences of all that is in the executable: of Node.js, of its packages, and of those of the page. */
function noticesFor(moduleIds: readonly string[]): string {
  const ofBuild = [
    ...readFileSync('THIRD_PARTY_NOTICES', 'utf8').matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.+\)$/gm),
  ];
  const packages = [...ofBuild.map(([, name]) => name), '@fastify/swagger-ui'];
  const notices = noticesOf([...moduleIds, ...packages.map((name) => `node_modules/${name}/index.js`)]);
  return `${notices}\n${'-'.repeat(80)}\n\nNode.js\n\n${readFileSync('scripts/licenses/node.txt', 'utf8')}`;
}

/** The files that the program reads of itself, by the names under which it asks for them. */
function assets(): Record<string, string> {
  return {
    'package.json': 'package.json',
    'loader.js': LOADER,
    ...filesIn(scripts, 'program'),
    ...filesIn('dist/web', 'web'),
    ...swaggerFiles(),
  };
}

function filesIn(folder: string, prefix: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [`${prefix}/${relative(folder, path)}`, path]));
}

function swaggerFiles(): Record<string, string> {
  const plugin = createRequire(import.meta.url).resolve('@fastify/swagger-ui');
  const folder = join(plugin, '../static');
  const names = readdirSync(folder).filter((file) => SWAGGER_FILES.test(file));
  return Object.fromEntries(
    names.flatMap((file) => {
      const path = join(folder, file);
      const compressed = join(work, `${file}.gz`);
      writeFileSync(compressed, gzipSync(readFileSync(path), { level: 9 }));
      return [
        [`swagger-ui/${file}`, path],
        [`swagger-ui/${file}.gz`, compressed],
      ];
    }),
  );
}

/** Takes out what only debuggers of C++ read: 18 of 127 MB. Debian's package `binutils` has the program, and each other processor its own. */
function strip(path: string): void {
  const program = values.arch === process.arch ? 'strip' : STRIP_OF_OTHERS[values.arch];
  const isDone = program !== undefined && spawnSync(program, [path]).status === 0;
  if (!isDone)
    console.error(`${program ?? 'strip'} is not installed: the executable keeps what only debuggers read`);
}

function report(what: string, path: string): void {
  console.error(`${what}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
}

rmSync(work, { recursive: true, force: true });
mkdirSync(scripts, { recursive: true });
const moduleIds = await bundle();
const [main, blob, config] = ['main.js', 'program.blob', 'sea.json'].map((file) => join(work, file)) as [
  string,
  string,
  string,
];
writeFileSync(main, `${readFileSync(LOADER, 'utf8')}\nload('executable.js');\n`);
writeFileSync(
  config,
  JSON.stringify({ main, output: blob, disableExperimentalSEAWarning: true, assets: assets() }),
);
execFileSync(process.execPath, ['--experimental-sea-config', config], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
const file = join(values.out, `daymark-linux-${values.arch}`);
copyFileSync(values.node, file);
chmodSync(file, 0o755);
strip(file);
report('Node.js', file);
await inject(file, RESOURCE, readFileSync(blob), { sentinelFuse: FUSE });
report('the program', blob);
report(file, file);
writeFileSync(join(values.out, 'THIRD_PARTY_NOTICES'), noticesFor(moduleIds));
rmSync(work, { recursive: true });
