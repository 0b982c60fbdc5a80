/** The keys of clients, made and revoked by the real command. What a key should get is known at every moment. */

import { run } from '../support/cli.ts';
import type { Choice } from '../support/random-choice.ts';
import { CUSTOMERS } from './day-lines.ts';

/** A key that was revoked is refused after this. docs/access.md promises it. */
const REVOKED_WITHIN_MS = 1_000;
const EXPIRES_AFTER_S = 20;
/** So often, a new key expires instead of an old one being revoked. */
const EXPIRING_ONCE_IN = 4;
/** Keys that do not work any more and are used nevertheless. */
const DEAD_KEYS_KEPT = 20;

export type Role = 'admin' | 'customer' | 'ingest';
/** `either`: it depends on the moment. */
export type Validity = 'valid' | 'invalid' | 'either';

export class Key {
  readonly text: string;
  readonly role: Role;
  /** Empty for other roles. */
  readonly customer: string;
  /** Until then it is valid, and from then on it is not. In between nobody knows. */
  #validUntilMs = Number.POSITIVE_INFINITY;
  #invalidFromMs = Number.POSITIVE_INFINITY;

  constructor(text: string, role: Role, customer: string) {
    this.text = text;
    this.role = role;
    this.customer = customer;
  }

  get id(): string {
    return this.text.split('_')[1] ?? '';
  }

  ends(validUntilMs: number, invalidFromMs: number): void {
    this.#validUntilMs = Math.min(this.#validUntilMs, validUntilMs);
    this.#invalidFromMs = Math.min(this.#invalidFromMs, invalidFromMs);
  }

  validity(beganMs: number, endedMs: number): Validity {
    if (beganMs >= this.#invalidFromMs) return 'invalid';
    return endedMs < this.#validUntilMs ? 'valid' : 'either';
  }
}

export class KeyRing {
  readonly #env: Readonly<Record<string, string>>;
  readonly #choice: Choice;
  readonly admins: Key[] = [];
  readonly ingest: Key[] = [];
  /** Those that are valid, or soon not valid any more. */
  readonly customers: Key[] = [];
  /** Revoked and expired. */
  readonly dead: Key[] = [];
  /** One that asks for more than it may. */
  greedy: Key | undefined;
  created = 0;
  revoked = 0;

  constructor(env: Readonly<Record<string, string>>, choice: Choice) {
    this.#env = env;
    this.#choice = choice;
  }

  async fill({ admins, customers }: { readonly admins: number; readonly customers: number }): Promise<void> {
    for (let i = 0; i < admins; i++) this.admins.push(await this.#create('admin'));
    this.ingest.push(await this.#create('ingest'));
    for (let i = 0; i < customers; i++) this.customers.push(await this.#create('customer', CUSTOMERS[i]));
    this.greedy = await this.#create('customer', CUSTOMERS[0]);
  }

  /** A new key comes, and an old one goes: it is revoked, or it expires. */
  async change(): Promise<void> {
    const customer = this.#choice.of(CUSTOMERS);
    const isExpiring = this.created % EXPIRING_ONCE_IN === 0;
    this.customers.push(await this.#create('customer', customer, isExpiring));
    if (isExpiring) return;
    const [old] = this.customers.splice(this.#choice.below(this.customers.length - 1), 1);
    if (old) await this.#revoke(old);
  }

  /** Keys that have ended are with the others that have. */
  sort(nowMs: number): void {
    for (const key of this.customers.filter((one) => one.validity(nowMs, nowMs) === 'invalid'))
      this.#bury(key);
  }

  #bury(key: Key): void {
    if (this.customers.includes(key)) this.customers.splice(this.customers.indexOf(key), 1);
    this.dead.push(key);
    if (this.dead.length > DEAD_KEYS_KEPT) this.dead.shift();
  }

  async #create(role: Role, customer = '', isExpiring = false): Promise<Key> {
    const whose = role === 'customer' ? ['--customer', customer] : [`--${role}`];
    const expiry = isExpiring ? ['--expires', `PT${EXPIRES_AFTER_S}S`] : [];
    const beganMs = Date.now();
    const text = (await this.#run('create', ...whose, ...expiry)).trim();
    this.created++;
    const key = new Key(text, role, customer);
    if (isExpiring) key.ends(beganMs + EXPIRES_AFTER_S * 1000, Date.now() + EXPIRES_AFTER_S * 1000);
    return key;
  }

  async #revoke(key: Key): Promise<void> {
    key.ends(Date.now(), Number.POSITIVE_INFINITY);
    this.#bury(key);
    await this.#run('revoke', key.id);
    this.revoked++;
    key.ends(0, Date.now() + REVOKED_WITHIN_MS);
  }

  async #run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await run(['keys', ...args], { env: this.#env });
    if (code !== 0) throw new Error(`daymark keys ${args[0]} ended with ${code}:\n${stderr}`);
    return stdout;
  }
}
