import { extname } from 'node:path';
import type { PageFile, PageFiles } from '../../api/routes/page.ts';
import { readFolder } from '../program-files.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Reads the files of the page, the build of `web/`, into memory: some 300 kB with their encoded forms. */
export function readPageFiles(): PageFiles {
  return readServedFiles('web');
}

/** Reads the files of a folder of the build that browsers get, with their encoded forms. */
export function readServedFiles(folder: string): PageFiles {
  const files = readFolder(folder);
  const served = [...files.keys()].filter((name) => extname(name) in TYPES);
  return new Map(served.map((name) => [name, fileOf(name, files)]));
}

function fileOf(name: string, files: ReadonlyMap<string, Buffer>): PageFile {
  const [identity, br, gzip] = [name, `${name}.br`, `${name}.gz`].map((path) => files.get(path));
  return {
    type: TYPES[extname(name)] as string,
    bodies: { identity: identity as Buffer, ...(br ? { br } : {}), ...(gzip ? { gzip } : {}) },
  };
}
