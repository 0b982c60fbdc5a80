/** How the brokers of a cluster are reached. */

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

export interface KafkaAccess {
  /** `host:port`, to begin with. The cluster names the others. */
  readonly brokers: readonly string[];
  /** PEM. Undefined: no encryption. */
  readonly tls:
    | {
        readonly ca?: string | undefined;
        readonly cert?: string | undefined;
        readonly key?: string | undefined;
      }
    | undefined;
  readonly sasl:
    | { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string }
    | undefined;
}
