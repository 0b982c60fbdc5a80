import { editsShare } from '../nearest.ts';

/** `EST5`, `EST5EDT,M3.2.0,M11.1.0`, `<+03>-3`: an abbreviation, its distance behind UTC, then its summer time. */
const POSIX_ZONE =
  /^:?(?:[a-z]{3,6}|<[+\-\w]{3,}>)(?<sign>[+-]?)(?<hours>\d{1,2})(?::(?<minutes>\d\d))?(?::\d\d)?(?<summer>[a-z<,].*)?$/i;

/** With hundreds of places, one always resembles a word a little: two edits of five turn `local` into `Lagos`. */
const MAX_EDITS_SHARE = 1 / 3;

/** What was probably meant by a text that is not a time zone, as a sentence to add to an error. */
export function zoneHint(text: string): string {
  if (/^(UTC|GMT)?\s*[+-]\d/i.test(text)) {
    return ' Write an offset alone, with two digits for hours and two for minutes: +02:00 is ahead of UTC, -02:00 behind it.';
  }
  const posix = POSIX_ZONE.exec(text.replace(/^TZ=/, ''))?.groups;
  if (posix) return posixHint(posix);
  const near = nearestZone(text);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** POSIX counts hours to the west: `EST5` is five hours behind UTC. */
function posixHint({ sign, hours = '', minutes = '00', summer }: Readonly<Record<string, string>>): string {
  const kind = ' This looks like a POSIX time zone, which daymark does not read.';
  if (summer) return `${kind} Name a place with the same clock, such as America/New_York.`;
  return `${kind} As a fixed offset, write ${sign === '-' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}.`;
}

/** Compares the whole name of a zone, and the place in it (`Berlin`). */
function nearestZone(text: string): string | undefined {
  const wanted = text.trim().replaceAll(' ', '_');
  const share = (name: string): number =>
    Math.min(editsShare(wanted, name), editsShare(wanted, name.slice(name.lastIndexOf('/') + 1)));
  const near = Intl.supportedValuesOf('timeZone').reduce((a, b) => (share(b) < share(a) ? b : a));
  return share(near) <= MAX_EDITS_SHARE ? near : undefined;
}
