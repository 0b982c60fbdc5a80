/** The contract of the links that show one customer's page to whoever has them. */

/** A page of its own, or one in a frame of another site. */
export type LinkKind = 'page' | 'embed';

export interface Link {
  /** Public: it names the link in lists and logs. */
  readonly id: string;
  /** The id under which the customer's rows stand. */
  readonly customer: string;
  readonly kind: LinkKind;
  /** For people; may be empty. */
  readonly name: string;
  /** Who made it: the public id of a key, what is known of the holder of a JWT, or the command line. */
  readonly createdBy: string;
  /** These are in ms since 1970. Null: it was not revoked. */
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly revokedMs: number | null;
}

export type NewLink = Omit<Link, 'revokedMs'>;

export interface LinksQuery {
  /** Undefined: of all customers. */
  readonly customer: string | undefined;
  /** Only links that stand behind this one in the list. */
  readonly after: Pick<Link, 'createdMs' | 'id'> | undefined;
  readonly limit: number;
}

/** How long links are kept, and how many. */
export interface LinkBounds {
  /** Links that ended before this time are deleted: those for a page, and those for a frame. In ms since 1970. */
  readonly forgetBeforeMs: Readonly<Record<LinkKind, number>>;
  /** No link is added where there are so many. */
  readonly most: number;
}

export interface Links {
  /**
   * Adds a link, and deletes some of those that ended long ago. It also writes where the store was opened for reading, if this
   * user may. @returns false where there are too many. @throws {DaymarkError} STORE_*. Then nothing was added.
   */
  add(link: NewLink, bounds: LinkBounds): Promise<boolean>;

  /** @returns undefined where there is none. A revoked or expired one is there until it is deleted. */
  find(id: string): Promise<Link | undefined>;

  /** The links, those first that were made last. */
  list(query: LinksQuery): Promise<readonly Link[]>;

  /**
   * Revokes a link for ever. A second time changes nothing. It also writes where the store was opened for reading.
   * @param nowMs the system time. @returns false where there is no such link.
   */
  revoke(id: string, nowMs: number): Promise<boolean>;
}
