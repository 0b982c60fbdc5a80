/**
 * The contract of leases: which process reads a partition that several processes could read. Processes that divide the same work
 * are its members. A member is live for some time from its last renewal on, and so are all of its leases. All times are of the
 * clock of the database, and no call is a long transaction.
 *
 * Leases only save work. What guards the numbers is the compare-and-set of `Store.commit`: a process that writes after it lost a
 * lease loses its batch.
 */

/** A process that divides work with others. */
export interface Member {
  /** No other process has had it. */
  readonly id: string;
  /** Names what is divided: a topic. */
  readonly work: string;
  /** For people: the host and the process, or SOURCE_NAME. */
  readonly name: string;
}

/** Who divides a work, and who holds what, at one moment. */
export interface Division {
  /** The ids of the live members, ascending. */
  readonly members: readonly string[];
  /** The live members that hold partitions, by the ids of these. They may be members of other work. */
  readonly holders: ReadonlyMap<string, string>;
}

/** A live member, as `status` shows it. */
export interface Reader extends Pick<Member, 'work' | 'name'> {
  /** How many partitions it holds. */
  readonly partitions: number;
}

export interface Leases {
  /**
   * Keeps a member live, with all leases that nobody else has taken.
   * @param leaseMs for how long from now. @returns who is live, and holds what. @throws {DaymarkError} STORE_*.
   */
  renew(member: Member, leaseMs: number): Promise<Division>;

  /** Takes those partitions that no live member holds. @returns the ids of those that were taken. @throws {DaymarkError} STORE_*. */
  take(memberId: string, partitionIds: readonly string[]): Promise<readonly string[]>;

  /** Gives up leases of a member. Those of others stay. @throws {DaymarkError} STORE_*. */
  giveUp(memberId: string, partitionIds: readonly string[]): Promise<void>;

  /** Ends a member, with all of its leases. @throws {DaymarkError} STORE_*. */
  leave(memberId: string): Promise<void>;

  /** The live members, by work and name. @throws {DaymarkError} STORE_*. */
  readers(): Promise<readonly Reader[]>;
}
