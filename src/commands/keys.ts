/** `daymark keys`: the keys with which clients identify themselves to the API. */

import { newKey } from '../api/access/key-text.ts';
import { NO_NAMES } from '../api/customer-names.ts';
import { assertKnownCustomer, customerShown } from '../api/known-customer.ts';
import type { Settings } from '../config/settings.ts';
import { DaymarkError } from '../errors.ts';
import { MAX_CUSTOMER_ID_BYTES, MAX_KEY_CUSTOMERS, MAX_KEY_NAME_CHARACTERS } from '../limits.ts';
import type { ApiKey, ApiKeyRole, Store } from '../store/contract.ts';
import { printableCsvOf } from './cli/csv.ts';
import { assertOneForm } from './cli/forms.ts';
import { jsonOf, reportInfo, reportProblem, reportWarning, table } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { expiryMsOf } from './keys/expiry.ts';
import { openStoreToManage, openStoreToRead } from './stores/open.ts';

interface CreateOptions {
  readonly customer?: readonly string[];
  readonly admin: boolean;
  readonly ingest: boolean;
  readonly name?: string;
  readonly expires?: string;
}

/** `daymark keys create`. Standard output has the key and nothing else. */
export async function createKey(settings: Settings, options: CreateOptions): Promise<number> {
  const role = roleOf(options);
  const nowMs = Date.now();
  const expiresMs = options.expires === undefined ? null : expiryMsOf(options.expires, nowMs);
  const name = checkedName(options.name ?? '');
  const customers = customersOf(settings, options.customer ?? []);
  const store = await openStoreToManage(settings);
  try {
    await warnOfUnknown(store, settings, customers);
    const { id, text, hash } = newKey();
    await store.apiKeys.add({ id, hash, role, customers, name, createdMs: nowMs, expiresMs });
    console.log(text);
    reportInfo(
      `${store.description}: key ${id} ${mayDo({ role, customers })}. This is the only time it is shown.`,
    );
    return 0;
  } finally {
    await store.close();
  }
}

function roleOf({ customer, admin, ingest }: CreateOptions): ApiKeyRole {
  if (ingest && !admin) return 'ingest';
  if (admin !== (customer !== undefined) && !ingest) return admin ? 'admin' : 'customer';
  const detail = 'Give --admin, --ingest or --customer. Only --ingest and --customer go together.';
  throw new DaymarkError('WRONG_USAGE', detail);
}

function checkedName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (name.length <= MAX_KEY_NAME_CHARACTERS && !/[\u0000-\u001f\u007f]/.test(name)) return name;
  const rule = `at most ${MAX_KEY_NAME_CHARACTERS} characters, without control characters`;
  throw new DaymarkError('INVALID_SETTING', `--name is ${JSON.stringify(name)}, but must be ${rule}.`);
}

/** The ids under which their rows stand. */
function customersOf(settings: Settings, asked: readonly string[]): readonly string[] {
  const names = customerNamesOf(settings, reportProblem) ?? NO_NAMES;
  for (const id of asked) {
    if (id !== '' && Buffer.byteLength(id) <= MAX_CUSTOMER_ID_BYTES) continue;
    throw new DaymarkError('INVALID_SETTING', `${JSON.stringify(id)} cannot be the id of a customer.`);
  }
  const ids = [...new Set(asked.map((id) => names.idOf(id)))];
  if (ids.length <= MAX_KEY_CUSTOMERS) return ids;
  throw new DaymarkError('INVALID_SETTING', `A key reads at most ${MAX_KEY_CUSTOMERS} customers.`);
}

/** A customer may be new. More often its id is mistyped. */
async function warnOfUnknown(store: Store, settings: Settings, ids: readonly string[]): Promise<void> {
  const names = customerNamesOf(settings, reportProblem) ?? NO_NAMES;
  await store.readSnapshot(async (snapshot) => {
    for (const id of ids) {
      await assertKnownCustomer(snapshot, customerShown(names, id)).catch((error) => {
        if (!(error instanceof DaymarkError && error.code === 'CUSTOMER_UNKNOWN')) throw error;
        reportWarning(error);
      });
    }
  });
}

/** `daymark keys list`. */
export async function listKeys(
  settings: Settings,
  options: { readonly json: boolean; readonly csv: boolean },
): Promise<number> {
  assertOneForm(options);
  const store = await openStoreToRead(settings);
  try {
    const keys = (await store.apiKeys.list()).map((key) => shown(key, Date.now()));
    if (options.json) console.log(jsonOf({ keys }));
    else if (options.csv) process.stdout.write(printableCsvOf<KeyRow>(keys.map(flat), COLUMNS));
    else if (keys.length > 0) console.log(asText(keys));
    else reportInfo('there are no keys');
    return 0;
  } finally {
    await store.close();
  }
}

/** `daymark keys revoke`. */
export async function revokeKey(settings: Settings, id: string): Promise<number> {
  // There is no key in a database that is not there, and it must not be created.
  await (await openStoreToRead(settings)).close();
  const store = await openStoreToManage(settings);
  try {
    // The id is not in the message: it may be a whole key.
    if (!(await store.apiKeys.revoke(id, Date.now())))
      throw new DaymarkError('KEY_UNKNOWN', `${store.description} has no key of this id.`);
    reportInfo(`${store.description}: key ${id} is revoked`);
    return 0;
  } finally {
    await store.close();
  }
}

/** `daymark keys rotate-signing`. */
export async function rotateSigningKey(
  settings: Settings,
  { revokeOld }: { readonly revokeOld: boolean },
): Promise<number> {
  // As for `revoke`.
  await (await openStoreToRead(settings)).close();
  const store = await openStoreToManage(settings);
  try {
    const [id, ...old] = await store.signingKeys.rotate({ nowMs: Date.now(), revokesOld: revokeOld });
    const before = revokeOld
      ? 'all sessions and links from before are over'
      : `sessions and links from before stay valid (${old.join(', ')})`;
    reportInfo(`${store.description}: signing key ${id} signs from now on; ${before}`);
    return 0;
  } finally {
    await store.close();
  }
}

const COLUMNS = [
  ...(['id', 'role', 'customers', 'name', 'state', 'created', 'expires', 'revoked', 'last_used'] as const),
];

type KeyRow = Record<(typeof COLUMNS)[number], unknown>;

function shown(key: ApiKey, nowMs: number) {
  return {
    ...{ id: key.id, role: key.role, customers: key.customers, name: key.name, state: stateOf(key, nowMs) },
    created: instant(key.createdMs),
    expires: instant(key.expiresMs),
    revoked: instant(key.revokedMs),
    last_used: instant(key.lastUsedMs),
  };
}

/** In CSV, a cell has the customers as JSON: an id may hold any character but a control one. */
function flat(key: ReturnType<typeof shown>): KeyRow {
  return { ...key, customers: JSON.stringify(key.customers) };
}

function stateOf({ revokedMs, expiresMs }: ApiKey, nowMs: number): 'valid' | 'revoked' | 'expired' {
  if (revokedMs !== null) return 'revoked';
  return expiresMs !== null && expiresMs <= nowMs ? 'expired' : 'valid';
}

function instant(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}

function asText(keys: readonly ReturnType<typeof shown>[]): string {
  const header = ['id', 'may', 'state', 'created', 'expires', 'last used', 'name'];
  const rows = keys.map((key) => [
    ...[key.id, mayDo(key), key.state, inSeconds(key.created)],
    ...[inSeconds(key.expires), inSeconds(key.last_used), key.name],
  ]);
  return table([header, ...rows], [1, 2, 3, 4, 5, 6]);
}

function inSeconds(time: string | null): string {
  return time === null ? '-' : `${time.slice(0, -5)}Z`;
}

function mayDo({ role, customers }: Pick<ApiKey, 'role' | 'customers'>): string {
  if (role === 'admin') return 'reads everything';
  if (role === 'customer') return `reads ${customers.join(', ')}`;
  return customers.length === 0 ? 'hands in lines' : `hands in lines of ${customers.join(', ')}`;
}
