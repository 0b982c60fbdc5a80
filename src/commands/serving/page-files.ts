import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageFile, PageFiles } from '../../api/routes/page.ts';

/** The build of `web/`. It is beside the built program, and three folders up in a checkout. */
const FOLDER = import.meta.url.endsWith('.ts') ? '../../../dist/web/' : 'web/';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the files of the page into memory: some 300 kB with their encoded forms. */
export function readPageFiles(): PageFiles {
  const folder = fileURLToPath(new URL(FOLDER, import.meta.url));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const read = (name: string): Buffer | undefined =>
    names.includes(name) ? readFileSync(join(folder, name)) : undefined;
  const served = names.filter((name) => extname(name) in TYPES);
  return new Map(served.map((name) => [name, fileOf(name, read)]));
}

function fileOf(name: string, read: (name: string) => Buffer | undefined): PageFile {
  const [identity, br, gzip] = [name, `${name}.br`, `${name}.gz`].map(read);
  return {
    type: TYPES[extname(name)] as string,
    bodies: { identity: identity as Buffer, ...(br ? { br } : {}), ...(gzip ? { gzip } : {}) },
  };
}
