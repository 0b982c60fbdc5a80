/** Reads what the API writes. */

/** Reads CSV by RFC 4180, character by character, so that it shares nothing with what writes it. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isQuoted && character === '"' && text[at + 1] === '"') cell += text[at++];
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted || (character !== ',' && character !== '\n')) cell += character;
    else {
      rows.at(-1)?.push(cell);
      cell = '';
      if (character === '\n') rows.push([]);
    }
  }
  return rows.slice(0, -1);
}

/** The rows of NDJSON. */
export const rowsOfNdjson = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
