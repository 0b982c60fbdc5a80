import { editsShare } from '../nearest.ts';

/** `EST5`, `EST5EDT,M3.2.0,M11.1.0`, `<+03>-3`: an abbreviation and how far it is behind UTC, then its summer time. */
const POSIX_ZONE =
  /^:?(?:[a-z]{3,6}|<[+\-\w]{3,}>)(?<sign>[+-]?)(?<hours>\d{1,2})(?::(?<minutes>\d\d))?(?::\d\d)?(?<summer>[a-z<,].*)?$/i;

/** Of hundreds of places one is always somewhat like a word: `local` needs two edits of five to be `Lagos`. */
const MAX_EDITS_SHARE = 1 / 3;

/** What somebody probably meant who wrote something that is no time zone, as a sentence behind an error's own. */
export function zoneHint(text: string): string {
  if (/^(UTC|GMT)?\s*[+-]\d/i.test(text)) {
    return ' An offset has two digits for hours and for minutes, and stands alone: +02:00 is ahead of UTC, -02:00 behind it.';
  }
  const posix = POSIX_ZONE.exec(text.replace(/^TZ=/, ''))?.groups;
  if (posix) return posixHint(posix);
  const near = nearestZone(text);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** In POSIX hours count to the west: `EST5` is five hours behind UTC. */
function posixHint({ sign, hours = '', minutes = '00', summer }: Readonly<Record<string, string>>): string {
  const kind = ' This looks like a time zone of POSIX, which daymark does not read.';
  if (summer) return `${kind} Name a place that has its clock, such as America/New_York.`;
  return `${kind} As a fixed offset it is ${sign === '-' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}.`;
}

/** By its whole name, or by the place in it: `Berlin`. */
function nearestZone(text: string): string | undefined {
  const wanted = text.trim().replaceAll(' ', '_');
  const share = (name: string): number =>
    Math.min(editsShare(wanted, name), editsShare(wanted, name.slice(name.lastIndexOf('/') + 1)));
  const near = Intl.supportedValuesOf('timeZone').reduce((a, b) => (share(b) < share(a) ? b : a));
  return share(near) <= MAX_EDITS_SHARE ? near : undefined;
}
