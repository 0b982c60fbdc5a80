/** The program's own files: in the folder of the build, or inside the single executable (`scripts/executable.ts`). */

import { readdirSync, readFileSync } from 'node:fs';
import { getAssetKeys, getRawAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/** Whether this is the single executable, which has no files beside it. */
export const IS_EXECUTABLE: boolean = isSea();

/** In a checkout, a source runs by itself, and what was built of the page is two folders up. */
const IS_SOURCE = !IS_EXECUTABLE && import.meta.url.endsWith('.ts');
const BUILD = IS_SOURCE ? '../../dist/' : './';
const MANIFEST = IS_SOURCE ? '../../package.json' : '../package.json';

/** The version of the package. */
export const VERSION: string = (JSON.parse(readManifest()) as { version: string }).version;

function readManifest(): string {
  return IS_EXECUTABLE ? read('package.json').toString() : readFileSync(pathOf(MANIFEST), 'utf8');
}

/** Reads the files of a folder of the build into memory, by their paths in it. */
export function readFolder(folder: string): ReadonlyMap<string, Buffer> {
  const names = IS_EXECUTABLE ? embeddedNames(folder) : namesOnDisk(folder);
  return new Map(names.map((name) => [name, read(`${folder}/${name}`)]));
}

/** Reads a file of the build. In the executable nothing is copied: the bytes are those of the program in memory. */
function read(path: string): Buffer {
  return IS_EXECUTABLE ? Buffer.from(getRawAsset(path) as ArrayBuffer) : readFileSync(pathOf(BUILD + path));
}

function embeddedNames(folder: string): string[] {
  const prefix = `${folder}/`;
  return getAssetKeys().flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
}

function namesOnDisk(folder: string): string[] {
  const entries = readdirSync(pathOf(BUILD + folder), { recursive: true, withFileTypes: true });
  const root = pathOf(BUILD + folder);
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length + 1).replaceAll('\\', '/'));
}

function pathOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** The script of a thread that the executable holds. It is started from its text, as there is no file. */
export function embeddedThread(name: string): string {
  return `${read('loader.js')}\nload('${name}.js');`;
}
