/** Formats that daymark makes for lines that no preset fits. `check` shows them with their reasons. */

/** A format for LOG_FORMAT: a preset, or one that was made for the lines. */
export interface KnownFormat {
  /** What to set LOG_FORMAT to. */
  readonly name: string;
  /** What it is, in words. */
  readonly title: string;
  /** A text that `format-string/` parses. */
  readonly format: string;
  /** Why the lines are read so: one sentence for each part. Undefined for a preset. */
  readonly reasons?: readonly string[];
}

/** What the lines say about their format. */
export interface Proposal {
  /** Formats to try, all with the same meaning of the parts. Empty where the lines do not say enough. */
  readonly formats: readonly KnownFormat[];
  /** What daymark cannot tell, and what to do: sentences. Not empty only where there are no formats. */
  readonly doubts: readonly string[];
}

export const NO_PROPOSAL: Proposal = { formats: [], doubts: [] };

export function doubt(...doubts: readonly string[]): Proposal {
  return { formats: [], doubts };
}
