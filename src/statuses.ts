/** Lists of statuses, as settings write them. */

const ITEM = /^(\d{1,3})(?:-(\d{1,3}))?$/;
const MAX_STATUS = 599;

/**
 * Reads codes and ranges such as `0, 429, 500-599`: ranges include both ends.
 * @returns undefined for anything else, and where a code is neither 0 nor 100 to 599.
 */
export function parseStatuses(text: string): ReadonlySet<number> | undefined {
  const statuses = new Set<number>();
  for (const item of text.split(',')) {
    const [, first, last = first] = ITEM.exec(item.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(isStatus(from) && isStatus(to) && from <= to)) return undefined;
    for (let status = from; status <= to; status++) if (isStatus(status)) statuses.add(status);
  }
  return statuses;
}

/** Writes statuses as {@link parseStatuses} reads them, with ranges where there are three or more in a row. */
export function statusesText(statuses: ReadonlySet<number>): string {
  const runs: [number, number][] = [];
  for (const status of [...statuses].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run[1] + 1 === status) run[1] = status;
    else runs.push([status, status]);
  }
  const texts = runs.map(([from, to]) =>
    from === to ? `${from}` : `${from}${to > from + 1 ? '-' : ', '}${to}`,
  );
  return texts.join(', ');
}

function isStatus(code: number): boolean {
  return code === 0 || (code >= 100 && code <= MAX_STATUS);
}
