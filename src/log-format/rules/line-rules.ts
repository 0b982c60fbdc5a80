/** Rules say which requests do not count (EXCLUDE), and which alone do (INCLUDE). `docs/excluding.md` explains them. */

/** What a rule can look at in any format. Other names are those of fields of the format. */
export const RULE_WORDS = ['path', 'method', 'status', 'host', 'client', 'agent'] as const;

export type RuleWord = (typeof RULE_WORDS)[number];

/** The words for which LOG_FORMAT can name a key, beside what a record needs. */
export const PART_WORDS = ['method', 'host', 'client', 'agent'] as const satisfies RuleWord[];

export type PartWord = (typeof PART_WORDS)[number];

/** Plain data, so that it can be sent to a thread. A line counts if it matches no `exclude`, and any `include`. */
export interface LineRules {
  readonly exclude: readonly Rule[];
  /** Empty: every line that is not excluded counts. */
  readonly include: readonly Rule[];
}

/** It matches a line of which all conditions hold. */
export interface Rule {
  /** As the operator wrote it. */
  readonly written: string;
  readonly conditions: readonly Condition[];
}

/**
 * - `status`: the status is one of these.
 * - `client`: an address in the field is in this network.
 * - `text`: a part of the field matches the glob.
 */
export type Condition =
  | { readonly kind: 'status'; readonly statuses: readonly number[] }
  | {
      readonly kind: 'client';
      readonly slot: number;
      readonly network: Network;
      /** Set where a port always stands behind the address. Then the last group of an IPv6 address without brackets is the port. */
      readonly hasPort?: true;
    }
  | { readonly kind: 'text'; readonly slot: number; readonly part: TextPart; readonly glob: Glob };

/** Which part of a field a condition looks at: all of it, or a path or method that `request-parts.ts` takes from it. */
export const TEXT_PARTS = ['value', 'path', 'method of request', 'path of request'] as const;

export type TextPart = (typeof TEXT_PARTS)[number];

/** A text with wildcards. */
export interface Glob {
  /** What stands between the wildcards, as byte text; in lower case if case does not matter. */
  readonly pieces: readonly string[];
  /** True if upper and lower case are the same, for the letters of ASCII. */
  readonly ignoresCase: boolean;
}

/** Addresses that begin with the same bits. */
export interface Network {
  /** 4 or 16 bytes. */
  readonly address: readonly number[];
  readonly bits: number;
}
