/** A badge: the availability of a customer in some words and a colour, as JSON for shields.io and as a picture. */

import { BADGE_DAYS } from '../limits.ts';
import { type Judged, judge, MIN_JUDGED_REQUESTS, type Verdict } from '../statistics/judgement.ts';

export interface Badge {
  readonly label: string;
  readonly message: string;
  /** Hexadecimal digits. White text on it has a contrast of 4.5:1 or better. */
  readonly color: string;
}

const LABEL = `availability, ${BADGE_DAYS} days`;
const LABEL_COLOR = '3d434c';
const COLORS: Readonly<Record<Verdict, string>> = {
  ...{ met: '0b6b63', missed: 'a65a00', exhausted: 'c8312b', few: '566892', none: '5a6172' },
};

/** @param numbers of the days of the badge. They are judged as the page judges a day. */
export function badgeOf(numbers: Judged, targetPercent: number): Badge {
  const verdict = judge(numbers, targetPercent);
  return { label: LABEL, message: messageOf(numbers), color: COLORS[verdict] };
}

function messageOf({ counted_requests: counted, error_requests: failed }: Judged): string {
  if (counted === 0) return 'no requests';
  // How many there were is not for everybody.
  if (counted < MIN_JUDGED_REQUESTS) return 'too few requests';
  if (failed === 0) return '100%';
  // Rounded down: what is not 100 % is never shown as 100 %.
  const hundredths = Math.floor(((counted - failed) * 10_000) / counted);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
}

/** As https://shields.io/badges/endpoint-badge takes it. */
export function badgeJson({ label, message, color }: Badge): string {
  return JSON.stringify({ schemaVersion: 1, label, message, color });
}

const HEIGHT = 20;
const PADDING = 6;

/**
 * A picture without script, style and links.
 * @param title what a screen reader says. It may hold any text.
 */
export function badgeSvg({ label, message, color }: Badge, title: string): string {
  const [left, right] = [textWidth(label) + 2 * PADDING, textWidth(message) + 2 * PADDING];
  const [width, name] = [left + right, escaped(title)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${name}">`,
    `<title>${name}</title>`,
    `<rect width="${width}" height="${HEIGHT}" rx="3" fill="#${LABEL_COLOR}"/>`,
    `<path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v${HEIGHT - 6}a3 3 0 0 1-3 3h-${right - 3}z" fill="#${color}"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">',
    textAt(PADDING, label),
    textAt(left + PADDING, message),
    '</g></svg>\n',
  ].join('');
}

/** The length is given, so the text fits with any font. */
function textAt(x: number, text: string): string {
  return `<text x="${x}" y="14" textLength="${textWidth(text)}">${escaped(text)}</text>`;
}

/** In Verdana, by kinds of characters. */
function textWidth(text: string): number {
  const narrow = text.match(/[ ,.il1t]/g)?.length ?? 0;
  const wide = text.match(/[%m]/g)?.length ?? 0;
  return Math.round(7 * (text.length - narrow - wide) + 4.2 * narrow + 11.5 * wide);
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** Text of XML 1.0, which has no form at all for some characters (section 2.2). */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
