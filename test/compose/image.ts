import { chmodSync, copyFileSync, cpSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { productionPackages } from '../../scripts/sizes.ts';
import { PROJECT_DIR } from './compose-file.ts';

interface Image {
  /** In place of `/app`. */
  readonly app: string;
  /** In it is `node`, and nothing else. */
  readonly bin: string;
}

let made: Image | undefined;

/**
 * What the last stage of the Dockerfile holds, where other users than that of the tests can read it: the build, the production
 * packages, and Node. A package that is missing among those of production is missing here, too.
 */
export function imageDirectory(): Image {
  if (made !== undefined) return made;
  const directory = mkdtempSync(join(tmpdir(), 'daymark-image-'));
  chmodSync(directory, 0o755);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const [app, bin] = [join(directory, 'app'), join(directory, 'bin')];
  for (const path of [app, bin]) mkdirSync(path);
  const isMap = (path: string) => path.endsWith('.map');
  for (const path of ['dist', 'package.json', ...packages()])
    cpSync(join(PROJECT_DIR, path), join(app, path), { recursive: true, filter: (source) => !isMap(source) });
  try {
    linkSync(process.execPath, join(bin, 'node'));
  } catch {
    // The folder for temporary files is on another disk.
    copyFileSync(process.execPath, join(bin, 'node'));
  }
  made = { app, bin };
  return made;
}

function packages(): string[] {
  return [...productionPackages(join(PROJECT_DIR, 'package-lock.json')).values()].flat();
}
