/**
 * `npm run build:debian` makes `dist-executable/daymark_VERSION_amd64.deb` out of the single executable: the program, the unit of
 * systemd, a file of settings, the manual page and the documents. It needs `dpkg-deb`. What it writes does not depend on the time,
 * nor on who runs it, but on the date of the last commit.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch },
    /** Where the executable is, and where the package goes. */
    out: { type: 'string', default: 'dist-executable' },
    /** One of `dpkg-deb -Z`. */
    compression: { type: 'string', default: 'xz' },
  },
});
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const architecture = ARCHITECTURES[values.arch];
if (architecture === undefined) throw new Error(`there is no package for ${values.arch}`);

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const SOURCES = 'scripts/debian';
const DOCUMENTS = 'usr/share/doc/daymark';
const CONFIG = 'etc/daymark/daymark.conf';
const root = join(values.out, 'debian');
/** Of the last commit: a package of the same sources is the same. */
const date = new Date(
  execFileSync('git', ['log', '-1', '--format=%cI'], { encoding: 'utf8' }).trim() || '2024-01-01T00:00:00Z',
);

function write(path: string, content: string | Buffer, mode = 0o644): void {
  const target = join(root, path);
  makeFolder(dirname(target));
  writeFileSync(target, content);
  chmodSync(target, mode);
}

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
}

/** As Debian wants documents: without a name or a time within. */
function compressed(content: string | Buffer): Buffer {
  return gzipSync(content, { level: 9 });
}

function writeProgram(): void {
  const target = join(root, 'usr/bin/daymark');
  const program = join(values.out, `daymark-linux-${values.arch}`);
  makeFolder(dirname(target));
  // A copy would take 115 MB more for the time being.
  linkSync(program, target);
  chmodSync(target, 0o755);
}

function writeUnit(): void {
  const unit = readFileSync('operating/daymark.service', 'utf8');
  const own = unit
    .replace(/^# A service for systemd\..*\n/, '')
    .replace(/^Documentation=.*$/m, 'Documentation=man:daymark(1) file:/usr/share/doc/daymark')
    .replace('/usr/local/bin/daymark', '/usr/bin/daymark');
  write('lib/systemd/system/daymark.service', own);
}

function writeDocuments(): void {
  write('usr/share/man/man1/daymark.1.gz', compressed(readFileSync('man/daymark.1')));
  write(`${DOCUMENTS}/changelog.gz`, compressed(changelog()));
  write(`${DOCUMENTS}/NEWS.md.gz`, compressed(readFileSync('CHANGELOG.md')));
  write(`${DOCUMENTS}/copyright`, copyright());
  write(
    `${DOCUMENTS}/THIRD_PARTY_NOTICES.gz`,
    compressed(readFileSync(join(values.out, 'THIRD_PARTY_NOTICES'))),
  );
  for (const file of readdirSync('docs').filter((name) => name.endsWith('.md')))
    write(`${DOCUMENTS}/${file}.gz`, compressed(readFileSync(join('docs', file))));
  for (const file of readdirSync('operating', { withFileTypes: true }))
    if (file.isFile() && file.name !== 'daymark.service')
      write(`${DOCUMENTS}/examples/${file.name}`, readFileSync(join('operating', file.name)));
  write('usr/share/lintian/overrides/daymark', readFileSync(join(SOURCES, 'lintian-overrides')));
}

/** The version, in the form of Debian. NEWS.md.gz has what changed. */
function changelog(): string {
  return `daymark (${version}) unstable; urgency=medium\n\n  * See NEWS.md.gz.\n\n -- ${MAINTAINER}  ${date.toUTCString().replace('GMT', '+0000')}\n`;
}

function copyright(): string {
  const licence = readFileSync('LICENSE', 'utf8').split('\n').slice(2);
  const text = licence.map((line) => (line === '' ? ' .' : ` ${line}`)).join('\n');
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Comment: The program holds Node.js and other packages. THIRD_PARTY_NOTICES.gz has
 their licences.

Files: *
Copyright: 2026 The daymark authors
License: Expat

License: Expat
${text.replace(/( \.\n?)+$/, '\n')}`;
}

const MAINTAINER = 'The daymark authors <daymark@localhost>';

/** The libraries are those that Node links to: GLIBC_2.28, GLIBCXX_3.4.21. */
function control(installedKib: number): string {
  return `Package: daymark
Version: ${version}
Section: net
Priority: optional
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${installedKib}
Depends: libc6 (>= 2.28), libgcc-s1 (>= 3.4), libstdc++6 (>= 5.2), init-system-helpers (>= 1.54~)
Suggests: postgresql (>= 15)
Description: exact daily statistics for every customer of an API
 daymark reads the request logs of an API as they grow, and tells each customer
 how the API treated them: requests, failures, availability and durations by
 day, hour and endpoint. It keeps them in SQLite or PostgreSQL, and serves them
 through a REST API and a page. This package runs it as a service of systemd.
`;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function writeControl(): void {
  const files = filesIn(root);
  const bytes = files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0);
  const sums = files
    .filter((file) => file !== CONFIG)
    .map(
      (file) =>
        `${createHash('md5')
          .update(readFileSync(join(root, file)))
          .digest('hex')}  ${file}\n`,
    );
  write('DEBIAN/control', control(Math.ceil(bytes / 1024)));
  write('DEBIAN/conffiles', `/${CONFIG}\n`);
  write('DEBIAN/md5sums', sums.join(''));
  for (const script of ['postinst', 'prerm', 'postrm'])
    write(`DEBIAN/${script}`, readFileSync(join(SOURCES, script)), 0o755);
}

function build(): string {
  const file = join(values.out, `daymark_${version}_${architecture}.deb`);
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(date.getTime() / 1000) };
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${values.compression}`, '--build', root, file], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return file;
}

process.umask(0o022);
rmSync(root, { recursive: true, force: true });
makeFolder(root);
writeProgram();
writeUnit();
write(CONFIG, readFileSync(join(SOURCES, 'daymark.conf')), 0o600);
writeDocuments();
writeControl();
const file = build();
rmSync(root, { recursive: true });
console.error(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
