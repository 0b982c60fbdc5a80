/** A broker. */
export interface Node {
  readonly host: string;
  readonly port: number;
}

/** A partition of a topic, and who leads it. */
export interface LedPartition {
  readonly clusterId: string;
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** Undefined where it has no leader at the moment. */
  readonly leader: Node | undefined;
  readonly leaderEpoch: number;
}
