/** What `ingest --again` says of the lines that it read again. */
export interface ReadAgain {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: readonly string[];
  /** 1 where the settings hardly fit the logs. */
  readonly exitCode: number;
}

/** What a run says that reads nothing again. */
export const NOT_AGAIN: ReadAgain = { json: {}, text: [], exitCode: 0 };
