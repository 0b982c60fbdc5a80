/** A format that was found in a server's configuration. */
export interface FoundFormat {
  /** Its name in the configuration. Undefined where it has none. */
  readonly name: string | undefined;
  /** A text for LOG_FORMAT. */
  readonly text: string;
  /** Where it was found, for messages. */
  readonly place: string;
}

/** What was found in a configuration. */
export interface FoundFormats {
  readonly formats: readonly FoundFormat[];
  /** Files that it includes. daymark does not read them. */
  readonly includes: readonly string[];
  /**
   * The command that writes the configuration and everything it includes to one file. Undefined where there is none.
   */
  readonly dump?: string;
  /** The format that the server uses where none is configured. */
  readonly byDefault: string | undefined;
}

/** The line number of a position, from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
