/** Tells virtual hosts at the beginning of lines from addresses of clients. */

const FIRST_WORDS = /^(\S+) (\S+) /gm;
const BARE_ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|(?=[^:]*:[^:]*:)[\da-f:.]+)$/i;
const TIME_BEFORE_LINE = /^\d{4}-\d\d-\d\dT/;

/**
 * False where the lines cannot begin with a virtual host and the client's host behind it. If they were read so, the fields
 * behind them would move by one, and another word would be the user:
 * - a time that another program put before the line is no virtual host;
 * - a client is never `-`, so the first word is the client, and something else stands behind its user;
 * - a bare address that no address follows is the client, too;
 * - a comma ends the first of several addresses of a client.
 * @param sample lines of text.
 */
export function canHaveVirtualHosts(sample: string): boolean {
  for (const [, first = '', second = ''] of sample.matchAll(FIRST_WORDS)) {
    if (TIME_BEFORE_LINE.test(first) || first.endsWith(',') || /^-+$/.test(second)) return false;
    if (BARE_ADDRESS.test(first) && !BARE_ADDRESS.test(second)) return false;
  }
  return true;
}
