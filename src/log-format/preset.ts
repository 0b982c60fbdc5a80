/** A format with a name. */
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
  /** Anything else that an operator should know. */
  readonly note?: string;
  /**
   * False where lines fit, but are another product's, or have durations in another unit. Undefined: what fits is of this
   * preset.
   * @param sample the first bytes of the log, as text. @param durationsUs those that were read of it.
   */
  readonly isPlausible?: (sample: string, durationsUs: readonly number[]) => boolean;
  /** The lines that stand above them in a log and name their columns, where there are any. */
  readonly header?: string;
  /** Sample lines of the product. */
  readonly examples: readonly string[];
}
