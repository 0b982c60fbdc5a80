/**
 * What daymark relies on in a session of PostgreSQL, whatever is set for the server, the database and the role.
 *
 * A pooler between (PgBouncer in transaction mode) gives each transaction another server connection, and the next one to somebody
 * else. What is set for a session there is lost for us and a burden for others. So behind a pooler, each transaction sets it for
 * itself, and every statement has a transaction. A pooler is known by the number of the server's process: it tells clients another
 * one, of its own.
 */

import type { Client } from 'pg';
import { STORE_BUSY_TIMEOUT_MS } from '../../limits.ts';
import { inTime } from './answer.ts';
import { type Backend, type Backends, OWN_BACKEND } from './backends.ts';

/** A machine that vanishes during a commit leaves its locks behind. After this time the server releases them. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

interface SessionRow extends Backend {
  readonly is_own: boolean;
}

export class Sessions {
  readonly #settings: readonly (readonly [name: string, value: string])[];
  readonly #behindPooler = new WeakSet<object>();

  /** @param statementTimeoutMs undefined: a statement may take for ever. */
  constructor(statementTimeoutMs: number | undefined) {
    this.#settings = [
      ['datestyle', 'ISO'],
      ['extra_float_digits', '1'],
      ['bytea_output', 'hex'],
      ['default_transaction_isolation', 'read committed'],
      ['lock_timeout', String(STORE_BUSY_TIMEOUT_MS)],
      ['statement_timeout', String(statementTimeoutMs ?? 0)],
      ['idle_in_transaction_session_timeout', String(IDLE_IN_TRANSACTION_TIMEOUT_MS)],
    ];
  }

  /**
   * Runs once on every new connection. It is part of connecting, and shares its timeout. It is a statement, because PgBouncer
   * refuses most settings in the message that opens a connection.
   */
  async prepare(client: Client, description: string, timeoutMs: number, backends: Backends): Promise<void> {
    // If a connection breaks in use, the query on it fails. The event comes in addition.
    client.on('error', () => {});
    const answer = client.query<SessionRow>(this.#prepareStatement(toldProcess(client)));
    const { rows } = await inTime(client, description, answer, { timeoutMs });
    const [{ is_own, ...backend }] = rows;
    // The server's side of a pooler's connections is not ours to end.
    if (is_own) await backends.note(client, backend);
    else this.#behindPooler.add(client);
  }

  /** True where each transaction goes to another session. */
  isBehindPooler(client: Client): boolean {
    return this.#behindPooler.has(client);
  }

  /**
   * Statements that begin a transaction. `set` takes no snapshot, as a `select` would: in a repeatable read transaction, the first
   * statement behind it does.
   * @param level ` isolation level …`, or nothing.
   */
  begin(client: Client, level: string): string {
    const start = `start transaction${level || ' isolation level read committed'}`;
    if (!this.isBehindPooler(client)) return start;
    return [start, ...this.#settings.map(([name, value]) => `set local ${name} to '${value}'`)].join('; ');
  }

  #prepareStatement(toldPid: number): string {
    const settings = this.#settings.map(([name, value]) => `set_config('${name}', '${value}', false)`);
    return `select is_own, case when is_own then concat(${settings.join(', ')}) end, ${OWN_BACKEND}
      from (select pg_backend_pid() = ${toldPid} as is_own) as own`;
  }
}

/** What this connection was told of the process that serves it. */
function toldProcess(client: Client): number {
  return (client as Client & { readonly processID: number | null }).processID ?? 0;
}
