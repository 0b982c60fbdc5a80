/** Builds the page, `web/`, into `dist/web`, and writes each file also compressed: the server then compresses nothing. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';

const FOLDER = 'dist/web';
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg']);

/** The compressed scripts of the first load may have so many bytes: on a slow line (1.6 Mbit/s) they take half a second. */
export const MAX_SCRIPT_BYTES = 90_000;

/** @returns the ids of the modules in it. @param isWritten false: nothing is written. */
export async function buildPage(isWritten: boolean): Promise<string[]> {
  const outputs = [
    await build({ configFile: 'web/vite.config.ts', build: { write: isWritten } }),
  ].flat() as Rolldown.RolldownOutput[];
  if (isWritten) {
    compressFiles();
    reportSize();
  }
  return outputs.flatMap(({ output }) =>
    output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])),
  );
}

function filesOf(...extensions: string[]): string[] {
  const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => extensions.includes(extname(name))).map((name) => join(FOLDER, name));
}

function compressFiles(): void {
  for (const file of filesOf(...COMPRESSIBLE)) {
    const bytes = readFileSync(file);
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** The compressed bytes of all scripts: none is loaded later, so these are the first load. */
export function scriptBytes(): number {
  return filesOf('.js').reduce((sum, file) => sum + readFileSync(`${file}.gz`).length, 0);
}

function reportSize(): void {
  const bytes = scriptBytes();
  const kb = (bytes / 1000).toFixed(1);
  console.error(`page: ${kb} kB of compressed script (at most ${MAX_SCRIPT_BYTES / 1000})`);
  if (bytes > MAX_SCRIPT_BYTES) throw new Error(`the page's script has ${kb} kB`);
}
