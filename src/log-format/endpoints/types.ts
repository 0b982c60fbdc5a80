/** Endpoints: the method and the path template of a request. `docs/endpoints.md` explains them. */

import type { TextPart } from '../rules/line-rules.ts';

/** How endpoints are made of requests. Plain data, so that it can be sent to a thread. */
export type EndpointSettings =
  /** Identifiers in paths are replaced. */
  | { readonly kind: 'auto' }
  /** The first template that fits counts. */
  | { readonly kind: 'templates'; readonly templates: readonly EndpointTemplate[] };

/** A template of the user's own. */
export interface EndpointTemplate {
  /** Undefined: any method. */
  readonly method: string | undefined;
  /** As answers show it: `/v1/orders/{id}`. Escapes are folded. */
  readonly path: string;
}

/** Which fields of a format hold the method and the path. */
export interface EndpointFields {
  /** Undefined where lines have none. */
  readonly method: PartOfField | undefined;
  readonly path: PartOfField;
}

export interface PartOfField {
  /** The number by which the parser and the kernel know the field. */
  readonly slot: number;
  readonly part: TextPart;
}

/** Requests that were answered 404, which scanners send to any path. */
export const NOT_FOUND = '(not found)';
/** Requests without a path or with an unknown method, those whose endpoint is too long, and those that fit no template. */
export const OTHER = '(other)';

/** Longer ones would fill the tables of names and the keys of rows. */
export const MAX_ENDPOINT_BYTES = 240;
