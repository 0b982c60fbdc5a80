/**
 * `npm run release -- 1.2.3` rehearses a release. It makes the package of that version from the last commit in a
 * separate folder. It installs the package in an empty folder with each supported Node, and uses it. With `--write` it
 * then commits the version and the changelog in this checkout and tags the commit. It pushes and publishes nothing.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isNext, releasedIn, unreleasedOf } from './changelog.ts';
import { smokeTest } from './smoke.ts';

/** The oldest version that package.json's engines allow, and the one used in development. */
const NODE_VERSIONS = ['22', '24'];
const USAGE = 'Usage: npm run release -- VERSION [--write]';

/** A program that asks with the typed client. */
const CLIENT = `import { createClient, dataOf } from 'daymark/client';
const client = createClient({ baseUrl: process.argv[2] });
const days = await dataOf(client.GET('/customers/{customer_id}/stats', {
  params: { path: { customer_id: 'cust_1' }, query: { from: '2024-09-01' } },
}));
console.log(days[0].date);
`;

interface Manifest {
  readonly version: string;
  readonly private?: boolean;
}

function run(command: string, args: readonly string[], cwd = '.'): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

/** @returns the reasons why the version cannot be released. */
function faultsOf(version: string): string[] {
  const { version: before, private: isPrivate } = JSON.parse(read('package.json')) as Manifest;
  return [
    ...(isNext(version, before) ? [] : [`${version} is not a version after ${before}.`]),
    ...(isPrivate ? [] : ['package.json is no longer private, so npm would publish the package.']),
    ...(run('git', ['status', '--porcelain']) === '' ? [] : ['Some changes are not committed.']),
    ...(run('git', ['tag', '--list', tagOf(version)]) === ''
      ? []
      : [`The tag ${tagOf(version)} already exists.`]),
  ];
}

function tagOf(version: string): string {
  return `v${version}`;
}

/** Files that name the image with its version, and what stands before that. */
const OF_IMAGES = [
  ['compose.yaml', 'daymark:'],
  ['operating/kubernetes/kustomization.yaml', 'newTag: '],
] as const;

/** Writes the version into the files of a checkout that hold it. @returns those files. */
function writeVersion(checkout: string, version: string): string[] {
  const { version: before } = JSON.parse(read(join(checkout, 'package.json'))) as Manifest;
  for (const [file, text] of OF_IMAGES) {
    const path = join(checkout, file);
    writeFileSync(path, read(path).replaceAll(`${text}${before}`, `${text}${version}`));
  }
  run('npm', ['version', version, '--no-git-tag-version', '--ignore-scripts'], checkout);
  const changelog = join(checkout, 'CHANGELOG.md');
  writeFileSync(changelog, releasedIn(read(changelog), version, new Date().toISOString().slice(0, 10)));
  run('node', ['scripts/openapi.ts'], checkout);
  const ofImages = OF_IMAGES.map(([file]) => file);
  return ['package.json', 'package-lock.json', 'CHANGELOG.md', 'docs/openapi.json', ...ofImages];
}

/** Makes the package from the last commit. @returns the path of the package. */
function pack(folder: string, version: string): string {
  const checkout = join(folder, 'checkout');
  run('git', ['clone', '--quiet', '.', checkout]);
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
  writeVersion(checkout, version);
  run('node', ['scripts/build.ts'], checkout);
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], checkout);
  return join(folder, `daymark-${version}.tgz`);
}

/** Installs the package and a Node from the registry in an empty folder, and uses them. */
async function tryOn(nodeVersion: string, folder: string, tarball: string, version: string): Promise<void> {
  const place = join(folder, `node-${nodeVersion}`);
  const work = join(place, 'work');
  mkdirSync(work, { recursive: true });
  // The package `node` fetches the program (another package) with a script. No other script may run.
  const manifest = { private: true, allowScripts: { node: true } };
  writeFileSync(join(place, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund', tarball, `node@${nodeVersion}`], place);
  const node = join(place, 'node_modules/node/bin/node');
  const actual = run(node, ['--version']);
  if (!actual.startsWith(`v${nodeVersion}.`)) throw new Error(`node@${nodeVersion} is ${actual}.`);
  const main = join(place, 'node_modules/daymark/dist/main.js');
  writeFileSync(join(place, 'client.mjs'), CLIENT);
  await smokeTest({
    ...{ command: [node, main], version, folder: work },
    whileServing: async (url) => assert.match(run(node, ['client.mjs', url], place), /^2024-/),
  });
  console.log(`works on Node ${actual}`);
}

function commitAndTag(version: string): void {
  const files = writeVersion('.', version);
  run('git', ['commit', '--quiet', '--message', `Release ${version}`, '--', ...files]);
  run('git', ['tag', '--annotate', tagOf(version), '--message', `daymark ${version}`]);
  console.log(`committed and tagged ${tagOf(version)}; publish it with: git push --follow-tags`);
}

async function release(version: string, isToWrite: boolean): Promise<void> {
  const faults = faultsOf(version);
  const notes = unreleasedOf(read('CHANGELOG.md'));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const folder = mkdtempSync(join(tmpdir(), 'daymark-release-'));
  try {
    const tarball = pack(folder, version);
    console.log(`packed ${version} from ${run('git', ['rev-parse', '--short', 'HEAD'])}`);
    for (const nodeVersion of NODE_VERSIONS) await tryOn(nodeVersion, folder, tarball, version);
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (isToWrite) commitAndTag(version);
  else console.log(`${notes}\n\nnothing was written; add --write to commit and tag it`);
}

const [version, ...flags] = process.argv.slice(2);
if (version === undefined || flags.some((flag) => flag !== '--write')) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await release(version, flags.length > 0).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
