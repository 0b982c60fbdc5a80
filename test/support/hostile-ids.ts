/** Ids that quote, end a statement, hold a placeholder, or sort otherwise by UTF-16 or in English. */
export const HOSTILE_IDS = [
  `a'b"; drop table daily_stats;--`,
  '$1 ? :a @b %s \\x00 \\',
  ' ',
  'Ä',
  'Z',
  'a',
  'e\u0301',
  'é',
  'zebra',
  '\uff5e before \u{1f600} by UTF-16',
  '\u{1f600}\u{1f3fd}',
  `${'é'.repeat(127)}!`,
  '\u0001\u007f',
];
