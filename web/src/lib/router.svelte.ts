/** The address is the state of the page: every view can be shared and reloaded. */

import { link } from './link.svelte.ts';

const VIEWS = {
  '/': 'overview',
  '/customer': 'customer',
  '/day': 'day',
  '/report': 'report',
  '/endpoints': 'endpoints',
  '/endpoint': 'endpoint',
  '/sources': 'sources',
} as const;

type Path = keyof typeof VIEWS;
export type View = (typeof VIEWS)[Path];

class Route {
  #url = $state.raw(new URL(location.href));

  get view(): View | undefined {
    return VIEWS[this.#url.pathname as Path];
  }

  get query(): URLSearchParams {
    return this.#url.searchParams;
  }

  /** Shows an address of the page. @param replaces: without a new entry in the history. */
  go(address: string, { replaces = false, keepsScroll = false } = {}): void {
    const before = this.#url;
    history[replaces ? 'replaceState' : 'pushState'](null, '', address);
    this.#url = new URL(location.href);
    if (!replaces && !keepsScroll && before.pathname !== this.#url.pathname) {
      scrollTo(0, 0);
      document.getElementById('main')?.focus({ preventScroll: true });
    }
  }

  follow(): void {
    addEventListener('popstate', () => {
      this.#url = new URL(location.href);
    });
    document.addEventListener('click', (event) => this.#click(event));
  }

  /** Links to views stay on the page. All others, and clicks that want a new tab, are the browser's. */
  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const a = event.target instanceof Element ? event.target.closest('a') : null;
    if (!a || a.target || a.hasAttribute('download') || a.origin !== location.origin) return;
    if (!(a.pathname in VIEWS) || a.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    this.go(a.href, { keepsScroll: a.dataset.keepsScroll !== undefined });
  }
}

export const route = new Route();

type Values = Readonly<Record<string, string | number | undefined | null>>;

/** An address with the values that are there. One of the page goes on with the link that opened it. */
export function address(path: string, values: Values): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  const text = query.toString();
  return (text === '' ? path : `${path}?${text}`) + (path in VIEWS ? link.fragment : '');
}

/** The present address with other values. Null takes one away. */
export function changed(values: Values): string {
  return address(location.pathname, { ...Object.fromEntries(route.query), ...values });
}

const RANGE_NAMES = ['range', 'from', 'to'] as const;

/** The range of the present address, for links to other views. */
export function sameRange(): Values {
  return Object.fromEntries(RANGE_NAMES.map((name) => [name, route.query.get(name)]));
}
