/** `daymark links`: links that show one customer's page to whoever has them. */

import { TokenSigner } from '../api/access/token-signer.ts';
import { NO_NAMES } from '../api/customer-names.ts';
import { assertKnownCustomer, customerShown } from '../api/known-customer.ts';
import { isLinkId, LINK_FIELDS, makeLink, pathOfLink, type ShownLink, shownLink } from '../api/links.ts';
import type { Settings } from '../config/settings.ts';
import { DaymarkError } from '../errors.ts';
import {
  DEFAULT_LINK_AGE_MS,
  MAX_CUSTOMER_ID_BYTES,
  MAX_LINK_AGE_MS,
  MAX_LINK_NAME_CHARACTERS,
  MAX_PAGE_ITEMS,
} from '../limits.ts';
import type { Link, Links, Store } from '../store/contract.ts';
import { printableCsvOf } from './cli/csv.ts';
import { assertOneForm } from './cli/forms.ts';
import { jsonOf, reportInfo, reportProblem, reportWarning, table } from './cli/report.ts';
import { customerNamesOf } from './ingesting/customers-file.ts';
import { expiryMsOf } from './keys/expiry.ts';
import { openStoreToManage, openStoreToRead } from './stores/open.ts';

interface CreateOptions {
  readonly customer: string;
  readonly name?: string;
  readonly expires?: string;
  readonly embed: boolean;
}

/** `daymark links create`. Standard output has the path of the link and nothing else. */
export async function createLink(settings: Settings, options: CreateOptions): Promise<number> {
  const nowMs = Date.now();
  const names = customerNamesOf(settings, reportProblem) ?? NO_NAMES;
  const asked = {
    ...{ customer: names.idOf(checkedId(options.customer)), name: checkedName(options.name ?? '') },
    ...({ kind: options.embed ? 'embed' : 'page', createdBy: 'command line' } as const),
    expiresMs: expiryOf(options.expires, nowMs),
  };
  const store = await openStoreToManage(settings);
  try {
    if (!names.isPublic(asked.customer)) await warnOfUnknown(store, names, asked.customer);
    const parts = { links: store.links, signer: new TokenSigner(store.signingKeys) };
    const isPublic = (id: string) => names.isPublic(id);
    const { link, token } = await makeLink({ ...parts, isPublic }, asked, nowMs);
    console.log(pathOfLink(link, token));
    reportInfo(
      `${store.description}: link ${link.id} shows ${link.customer} until ${inSeconds(new Date(link.expiresMs).toISOString())}. Put the address of your server before it. This is the only time it is shown.`,
    );
    return 0;
  } finally {
    await store.close();
  }
}

function checkedId(id: string): string {
  if (id !== '' && Buffer.byteLength(id) <= MAX_CUSTOMER_ID_BYTES) return id;
  throw new DaymarkError('INVALID_SETTING', `${JSON.stringify(id)} cannot be the id of a customer.`);
}

function checkedName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (name.length <= MAX_LINK_NAME_CHARACTERS && !/[\u0000-\u001f\u007f]/.test(name)) return name;
  const rule = `at most ${MAX_LINK_NAME_CHARACTERS} characters, without control characters`;
  throw new DaymarkError('INVALID_SETTING', `--name is ${JSON.stringify(name)}, but must be ${rule}.`);
}

function expiryOf(text: string | undefined, nowMs: number): number {
  if (text === undefined) return nowMs + DEFAULT_LINK_AGE_MS;
  const expiresMs = expiryMsOf(text, nowMs);
  if (expiresMs <= nowMs + MAX_LINK_AGE_MS) return expiresMs;
  const days = MAX_LINK_AGE_MS / 86_400_000;
  throw new DaymarkError(
    'INVALID_SETTING',
    `--expires is ${JSON.stringify(text)}, but must be at most P${days}D from now on.`,
  );
}

/** A customer may be new. More often its id is mistyped. */
async function warnOfUnknown(store: Store, names: typeof NO_NAMES, id: string): Promise<void> {
  await store.readSnapshot((snapshot) =>
    assertKnownCustomer(snapshot, customerShown(names, id)).catch((error) => {
      if (!(error instanceof DaymarkError && error.code === 'CUSTOMER_UNKNOWN')) throw error;
      reportWarning(error);
    }),
  );
}

/** `daymark links list`. */
export async function listLinks(
  settings: Settings,
  options: { readonly json: boolean; readonly csv: boolean },
): Promise<number> {
  assertOneForm(options);
  const store = await openStoreToRead(settings);
  try {
    const links = (await allOf(store.links)).map((link) => shownLink(link, Date.now()));
    if (options.json) console.log(jsonOf({ links }));
    else if (options.csv) process.stdout.write(printableCsvOf<ShownLink>(links, [...LINK_FIELDS]));
    else if (links.length > 0) console.log(asText(links));
    else reportInfo('there are no links');
    return 0;
  } finally {
    await store.close();
  }
}

async function allOf(links: Pick<Links, 'list'>): Promise<Link[]> {
  const all: Link[] = [];
  for (;;) {
    const page = await links.list({ customer: undefined, after: all.at(-1), limit: MAX_PAGE_ITEMS });
    all.push(...page);
    if (page.length < MAX_PAGE_ITEMS) return all;
  }
}

function asText(links: readonly ShownLink[]): string {
  const header = ['id', 'shows', 'kind', 'state', 'created', 'expires', 'created by', 'name'];
  const rows = links.map((link) => [
    ...[link.id, link.customer_id, link.kind, link.state, inSeconds(link.created), inSeconds(link.expires)],
    ...[link.created_by, link.name],
  ]);
  return table([header, ...rows], [1, 2, 3, 4, 5, 6, 7]);
}

function inSeconds(time: string): string {
  return `${time.slice(0, -5)}Z`;
}

/** `daymark links revoke`. */
export async function revokeLink(settings: Settings, id: string): Promise<number> {
  // There is no link in a database that is not there, and it must not be created.
  await (await openStoreToRead(settings)).close();
  const store = await openStoreToManage(settings);
  try {
    // The id is not in the message: it may be a whole token.
    if (!isLinkId(id) || !(await store.links.revoke(id, Date.now())))
      throw new DaymarkError('LINK_UNKNOWN', `${store.description} has no link of this id.`);
    reportInfo(`${store.description}: link ${id} is revoked`);
    return 0;
  } finally {
    await store.close();
  }
}
