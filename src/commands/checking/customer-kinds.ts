/** What customer ids look like, for people who must tell right ones from wrong ones. */

import { isIP } from 'node:net';

const KINDS: readonly (readonly [kind: string, matches: (id: string) => boolean])[] = [
  ['address', (id) => isIP(id) !== 0],
  ['address with a port', isAddressWithPort],
  ['number', (id) => /^\d+$/.test(id)],
  ['UUID', (id) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)],
  ['e-mail address', (id) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(id)],
  ['word', (id) => /^[\w.-]+$/.test(id)],
  ['text with spaces', (id) => /\s/.test(id)],
];

/** The kind of an id, in words. */
export function kindOf(id: string): string {
  return KINDS.find(([, matches]) => matches(id))?.[0] ?? 'other text';
}

/** Why an id may be no customer. */
export interface Suspicion {
  /** In words that follow "has" or "have". */
  readonly because: string;
  /**
   * True where the id holds a part of the line that is no customer. False where it may be right. `if nearly all`: some users
   * have such ids, but where nearly all have, it is something else.
   */
  readonly isInvented: boolean | 'if nearly all';
}

const TIME = /\d\d:\d\d:\d\d/;
const WRAPPER = /(^|\s)(stdout|stderr)\s+[FP](\s|$)|\s\||^\|/;
const DASH = /^-$|^-\s|\s-(\s|$)/;

const SUSPICIONS: readonly (readonly [matches: (id: string) => boolean, Suspicion])[] = [
  [(id) => TIME.test(id), { because: 'a time in the id', isInvented: true }],
  [(id) => WRAPPER.test(id), { because: 'a part of a container’s log in the id', isInvented: true }],
  [(id) => DASH.test(id), { because: 'a lone `-` in the id', isInvented: true }],
  [
    (id) => /\s/.test(id) && id.split(/[\s,]+/).some((word) => isIP(word) !== 0),
    { because: 'an address beside other text in the id', isInvented: true },
  ],
  [isAddressWithPort, { because: 'a port, which changes with every connection', isInvented: false }],
  [(id) => /^["'].*["']$/.test(id), { because: 'quotes around the id', isInvented: true }],
  [(id) => /\s/.test(id), { because: 'spaces in the id', isInvented: 'if nearly all' }],
];

/** The first suspicion about an id. Undefined where it looks right. */
export function suspicionOf(id: string): Suspicion | undefined {
  return SUSPICIONS.find(([matches]) => matches(id))?.[1];
}

function isAddressWithPort(id: string): boolean {
  const [, bracketed, plain = ''] = /^(?:\[([^\]]+)\]|(.+)):\d{1,5}$/.exec(id) ?? [];
  return isIP(id) === 0 && isIP(bracketed ?? plain) !== 0;
}
