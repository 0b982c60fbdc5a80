/** `THIRD_PARTY_NOTICES`: the packages in the bundles, with their licences. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const LICENSE_FILE = /^(licen[cs]e|copying|notice)([-.]|$)/i;
/** Licences for packages that come without one. */
const OWN_COPIES = 'scripts/licenses';
const RULE = '-'.repeat(80);

/**
 * @param moduleIds the ids of all modules in the bundles.
 * @throws if a package has no licence that can be found.
 */
export function noticesOf(moduleIds: readonly string[]): string {
  const packages = [...new Set(moduleIds.flatMap(packageOf))].sort();
  const head =
    'The files in dist/ hold code of these packages. Each is used under the licence that follows its name.\n';
  return [head, ...packages.map(noticeOf)].join(`\n${RULE}\n\n`);
}

/** The folder of a module's package. Empty for daymark's own modules. */
function packageOf(moduleId: string): string[] {
  // The bundler's own helpers.
  if (moduleId.startsWith('\0rolldown/')) return ['node_modules/rolldown'];
  const folders = moduleId.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/);
  const [folder] = folders ?? [];
  return folder === undefined ? [] : [folder.slice(folder.indexOf('node_modules/'))];
}

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = licenseFiles(folder, name).map((file) =>
    readFileSync(file, 'utf8').replace(/\r\n/g, '\n').trim(),
  );
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}

function licenseFiles(folder: string, name: string): string[] {
  const found = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  if (found.length > 0) return found.sort().map((file) => join(folder, file));
  const copy = join(OWN_COPIES, `${basename(name)}.txt`);
  if (existsSync(copy)) return [copy];
  throw new Error(`${folder} holds no licence. Write it to ${copy}.`);
}
