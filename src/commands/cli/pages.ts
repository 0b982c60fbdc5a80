import { FIRST_PLACE, type PagePlace } from '../../api/page-cursor.ts';

/** A part of a list. */
interface Page<Head, Row> {
  readonly head: Head;
  readonly rows: readonly Row[];
  /** Where the next page begins; undefined at the end. */
  readonly next: PagePlace | undefined;
}

/** Reads a list to its end. @returns the head of its first page, and the rows of all. */
export async function allPages<Head, Row>(read: (place: PagePlace) => Promise<Page<Head, Row>>) {
  const { head, rows, next } = await read(FIRST_PLACE);
  const all = [...rows];
  for (let place = next; place; ) {
    const page = await read(place);
    all.push(...page.rows);
    place = page.next;
  }
  return { head, rows: all };
}
