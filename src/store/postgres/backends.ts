import type { Client } from 'pg';
import { type AnswerTimeouts, close, inTime } from './answer.ts';
import { isAway } from './errors.ts';

/** A process of the server that serves one connection. Its start tells it from a later one with the same number. */
export interface Backend {
  readonly pid: number;
  /** Seconds since 1970, as PostgreSQL writes a `numeric`. */
  readonly started: string;
}

/** What PostgreSQL says of the session that asks. */
export const OWN_BACKEND = `pg_backend_pid() as pid,
  (select extract(epoch from backend_start)::text from pg_stat_activity where pid = pg_backend_pid()) as started`;

const STATE = `select state from pg_stat_activity
  where pid = $1 and extract(epoch from backend_start) = $2::numeric`;

const TERMINATE = `select pg_terminate_backend(activity.pid) from pg_stat_activity as activity
  join unnest($1::int[], $2::numeric[]) as lost (pid, started)
    on lost.pid = activity.pid and lost.started = extract(epoch from activity.backend_start)`;

/**
 * The server's side of our connections. A network that loses packets, or a firewall that forgets a connection, tells
 * neither side. Ours would wait for an answer that cannot come, and the server's would keep its locks, so that the
 * next try waits for them.
 */
export class Backends {
  readonly #open: () => Client;
  readonly #description: string;
  readonly #timeouts: AnswerTimeouts;
  readonly #known = new WeakMap<Client, Backend>();
  /** Those of connections that were given up. At most as many as the pool has connections: a new one ends them. */
  readonly #lost = new Set<Backend>();

  /**
   * @param open makes a client that is not connected.
   * @param timeoutMs how long each answer is waited for.
   */
  constructor(open: () => Client, description: string, timeoutMs: number) {
    this.#open = open;
    this.#description = description;
    this.#timeouts = { timeoutMs };
  }

  /** Notes who serves a new connection, and ends what those serve that were given up. */
  async note(client: Client, backend: Backend): Promise<void> {
    this.#known.set(client, backend);
    if (this.#lost.size === 0) return;
    const lost = [...this.#lost];
    const values = [lost.map(({ pid }) => pid), lost.map(({ started }) => started)];
    await inTime(client, this.#description, client.query(TERMINATE, values), this.#timeouts);
    for (const one of lost) this.#lost.delete(one);
  }

  /** The connection was given up: the server may not know. */
  abandon(client: Client): void {
    const backend = this.#known.get(client);
    if (backend) this.#lost.add(backend);
  }

  /**
   * Asks over a second connection whether an answer may still come.
   * @returns true if the server is away, or does nothing for the connection. False if that cannot be found out.
   */
  async isGone(client: Client): Promise<boolean> {
    const backend = this.#known.get(client);
    if (!backend) return false;
    const other = this.#open();
    other.on('error', () => {});
    try {
      await other.connect();
      const { pid, started } = backend;
      const state = other.query<{ state: string | null }>(STATE, [pid, started]);
      const { rows } = await inTime(other, this.#description, state, this.#timeouts);
      return rows.every((row) => row.state?.startsWith('idle'));
    } catch (error) {
      return isAway(error);
    } finally {
      await close(other);
    }
  }
}
