/**
 * `npm run sizes` prints what a user of the package gets: the tarball of `npm pack` by its parts, and the packages that `npm install`
 * of it brings, by the dependency that needs them. It needs a build.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

interface Entry {
  readonly dependencies?: Record<string, string>;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** What of `package-lock.json` a user gets, too: what the dependencies need, and what that needs. */
export function productionPackages(lockFile = 'package-lock.json'): ReadonlyMap<string, readonly string[]> {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as { packages: Record<string, Entry> };
  const direct = Object.keys(packages['']?.dependencies ?? {});
  const seen = new Set<string>();
  const added = (name: string, from: string): string[] => {
    const path = placeOf(packages, from, name);
    if (seen.has(path)) return [];
    seen.add(path);
    const inner = Object.keys(packages[path]?.dependencies ?? {});
    return [path, ...inner.flatMap((dependency) => added(dependency, path))];
  };
  return new Map(direct.map((name) => [name, added(name, '')]));
}

/** What npm adds on this machine because a dependency would like it. daymark runs without them. */
function optionalPackages(): string[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, Entry>;
  };
  const names = Object.keys(packages).filter((path) => packages[path]?.optional && !packages[path]?.dev);
  return names.filter((path) => existsSync(path));
}

/** Where npm puts a dependency: beside the package that needs it, or further out. */
function placeOf(packages: Record<string, Entry>, from: string, name: string): string {
  for (let at = from; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = `${at}/node_modules/${name}`;
    if (path in packages) return path;
  }
  return `node_modules/${name}`;
}

function bytesOf(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules');
  return entries.reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesOf(path) : statSync(path).size);
  }, 0);
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`.padStart(9);
}

function partOf(path: string): string {
  return path.startsWith('dist/web/')
    ? 'dist/web'
    : path.includes('/')
      ? (path.split('/')[0] ?? '')
      : 'other files';
}

function report(): void {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [packed] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' })) as [Packed];
  console.log(
    `tarball      ${mb(packed.size)}, unpacked ${mb(packed.unpackedSize)} in ${packed.files.length} files`,
  );
  for (const [part, files] of Map.groupBy(packed.files, ({ path }) => partOf(path)))
    console.log(
      `  ${part.padEnd(11)}${mb(files.reduce((sum, { size }) => sum + size, 0))} in ${files.length}`,
    );
  const packages = productionPackages();
  const all = [...packages.values()].flat();
  console.log(`packages     ${mb(all.reduce((sum, path) => sum + bytesOf(path), 0))} in ${all.length}`);
  for (const [name, paths] of packages)
    console.log(
      `  ${name.padEnd(32)}${mb(paths.reduce((sum, path) => sum + bytesOf(path), 0))} in ${paths.length}`,
    );
  const optional = optionalPackages();
  const optionalBytes = optional.reduce((sum, path) => sum + bytesOf(path), 0);
  console.log(`optional     ${mb(optionalBytes)} in ${optional.length}`);
  for (const path of optional) console.log(`  ${path.replace('node_modules/', '')}`);
}

if (import.meta.main) report();
