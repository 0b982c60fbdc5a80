/** The customers whom the API knows beside their rows, from the table that the operator gives. */
export interface CustomerNames {
  /** The id under which the rows of a customer stand; the same where it is no alias. */
  idOf(customerId: string): string;
  /** The name for people. Undefined where there is none. */
  nameOf(customerId: string): string | undefined;
  /** Whether everybody may read the badge of a customer, and its page may stand in frames. @param customerId no alias. */
  isPublic(customerId: string): boolean;
  /** The ids that stand for a customer in logs. Absent: none are known. */
  aliasesOf?(customerId: string): readonly string[];
}

/** No aliases and no names, and nobody was opted in to be shown. */
export const NO_NAMES: CustomerNames = {
  idOf: (customerId) => customerId,
  nameOf: () => undefined,
  isPublic: () => false,
};
