/**
 * Completes `package-lock.json` after `npm install`. It adds the optional packages for other systems, which npm left out
 * because they are not for the system it ran on. Without them `npm ci` refuses the file. The name of a package tells its
 * system and processor; npm looks up the rest when it installs the package.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { packages } = lock;

/** The places where npm looks for a dependency of a package: beside it, then further and further out. */
function placesOf(path, name) {
  const places = [];
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    places.push(`${at}/node_modules/${name}`);
  }
  return [...places, `node_modules/${name}`];
}

function entryOf(name, version, isDev) {
  const words = name.split(/[-/@.]/);
  const system = SYSTEMS.filter((word) => words.includes(word));
  const processor = name.includes('eabi') ? ['arm'] : PROCESSORS.filter((word) => words.includes(word));
  const library = name.includes('musl') ? ['musl'] : name.includes('gnu') ? ['glibc'] : [];
  return {
    version,
    ...(processor.length > 0 ? { cpu: processor } : {}),
    ...(isDev ? { dev: true } : {}),
    ...(library.length > 0 ? { libc: library } : {}),
    optional: true,
    ...(system.length > 0 ? { os: system } : {}),
  };
}

for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const version = range.replace(/^[\^~]/, '');
    const places = placesOf(path, name);
    const isExact = version === range;
    if (places.some((place) => packages[place] && (!isExact || packages[place].version === version)))
      continue;
    const place = packages[places.at(-1)] ? places[0] : places.at(-1);
    packages[place] = entryOf(name, version, dev);
  }
}

lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
