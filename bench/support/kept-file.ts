import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * A file in the directory for temporary files. It is made unless an earlier run has made it.
 * @param name holds everything that the content depends on.
 */
export async function keptFile(name: string, write: (path: string) => Promise<void>): Promise<KeptFile> {
  const directory = join(tmpdir(), 'daymark-bench');
  const path = join(directory, name);
  if (!existsSync(path)) {
    process.stderr.write(`making ${path}\n`);
    mkdirSync(directory, { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    await write(unfinished);
    renameSync(unfinished, path);
  }
  return { path, bytes: statSync(path).size };
}
