/** A format that stands in the configuration of a server. */
export interface FoundFormat {
  /** What the configuration calls it; undefined where it has no name. */
  readonly name: string | undefined;
  /** As LOG_FORMAT takes it. */
  readonly text: string;
  /** Where it stands, for people. */
  readonly place: string;
}

/** What a configuration holds. */
export interface FoundFormats {
  readonly formats: readonly FoundFormat[];
  /** Other files that it names, which are not read. */
  readonly includes: readonly string[];
  /** The command that writes the configuration with all that it includes as one file; undefined where there is none. */
  readonly dump?: string;
  /** The format that the server writes where it is told none. */
  readonly byDefault: string | undefined;
}

/** The number of the line in which a position stands, from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
