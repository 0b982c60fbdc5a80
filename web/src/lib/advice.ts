/** What to do about rejected lines, by reason. `docs/rejections.md` says what each reason means. */
const FORMAT = 'Ask daymark check how it reads the log, and set LOG_FORMAT.';
const ADVICE: Readonly<Record<string, string>> = {
  line_too_long: 'Such a line is no request. If it is one, log less of it.',
  unfinished_line: 'Nothing, if the log was cut there. Otherwise check LOG_WRAPPER.',
  continued_line: 'Nothing: its beginning was counted.',
  header_line: 'Nothing: it is no request.',
  empty_line: 'Nothing: it is no request.',
  unknown_columns: 'Log the columns that the format needs, in the #Fields line.',
  missing_customer_id:
    'Say with CUSTOMER_ID where the customer is, or count such lines with MISSING_CUSTOMER_ID.',
  invalid_customer_id: 'Check CUSTOMER_ID: it may name the wrong field.',
  event_too_old: 'Nothing, if the log is old. Otherwise raise MAX_EVENT_AGE or RETENTION_DAYS.',
  event_too_far_ahead: 'Set the clock of the server that wrote it, or LOG_TIME_ZONE.',
};

export const adviceOn = (reason: string): string => ADVICE[reason] ?? FORMAT;
