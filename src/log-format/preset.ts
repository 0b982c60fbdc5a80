/** A format with a name, for LOG_FORMAT. */
export interface Preset {
  readonly name: string;
  /** The product that writes such lines. */
  readonly title: string;
  /** A text that `format-string/` parses. */
  readonly format: string;
  /** The manual of the product's log format. */
  readonly manual: string;
  /** Where the customer id is, unless CUSTOMER_ID is set. Undefined where CUSTOMER_ID must be set. */
  readonly customer: string | undefined;
  /**
   * True where a setting of the product decides in which unit it writes durations. `check` recommends the preset only if
   * the lines show the unit.
   */
  readonly isUnitASetting?: boolean;
  /** Anything else that an operator should know. */
  readonly note?: string;
  /** Sample lines of the product. */
  readonly examples: readonly string[];
}
