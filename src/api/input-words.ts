/** How inputs are put in words: what only their sources and the log formats know. */
export interface InputWords {
  /** A position as its source says it: `byte 1,234`, or `offset 1,234, line 5` of a topic. */
  positionText(position: number, partitionId: string): string;
  /** The reasons why lines are rejected. */
  readonly rejectionReasons: readonly string[];
}
