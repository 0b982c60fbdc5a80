import { createHash } from 'node:crypto';
import type { StorePlace } from './sqlite-place.ts';

/** Rows that are read at once. */
const PAGE_ROWS = 20_000;

/** What a table holds, to the last byte, in little memory. */
export interface TableDigest {
  readonly rows: number;
  readonly sha256: string;
}

/** @param key the columns of its key. Their values are texts. */
export async function digestOf(
  { query }: Pick<StorePlace, 'query'>,
  table: string,
  key: readonly string[],
): Promise<TableDigest> {
  const sum = createHash('sha256');
  const columns = key.join();
  const last = key.map((_, at) => `$${at + 1}`).join();
  let rows = 0;
  let page = await query(`select * from ${table} order by ${columns} limit ${PAGE_ROWS}`);
  while (page.length > 0) {
    for (const row of page)
      for (const [name, cell] of Object.entries(row)) sum.update(`${name}:${textOf(cell)}\n`);
    rows += page.length;
    const { [page.length - 1]: end = {} } = page;
    page = await query(
      `select * from ${table} where (${columns}) > (${last}) order by ${columns} limit ${PAGE_ROWS}`,
      key.map((column) => String(end[column])),
    );
  }
  return { rows, sha256: sum.digest('hex') };
}

function textOf(cell: unknown): string {
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : String(cell);
}
