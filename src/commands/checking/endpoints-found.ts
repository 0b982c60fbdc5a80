import { counted, grouped } from '../../counted.ts';
import { MANY_ENDPOINTS, MAX_CHECKED_ENDPOINTS } from '../../limits.ts';

/** Endpoints of a file that are printed. */
const SHOWN = 20;

/** The endpoints that a file would have, with their requests. */
export class EndpointsFound {
  readonly #requests = new Map<string, number>();
  /** Requests of endpoints that came when there was no more room. */
  #others = 0;

  add(endpoint: string): void {
    const requests = this.#requests.get(endpoint);
    if (requests === undefined && this.#requests.size === MAX_CHECKED_ENDPOINTS) this.#others++;
    else this.#requests.set(endpoint, (requests ?? 0) + 1);
  }

  asText(): string[] {
    const sorted = this.#sorted();
    if (sorted.length === 0) return [];
    const shown = sorted.slice(0, SHOWN);
    const more = sorted.length - shown.length;
    const count = `${counted(sorted.length, 'endpoint')}${this.#others > 0 ? ' and more' : ''}`;
    return [
      `${count}:`,
      ...shown.map(([endpoint, requests]) => `  ${grouped(requests)} × ${endpoint}`),
      ...(more > 0 ? [`  and ${grouped(more)} more`] : []),
      ...(sorted.length > MANY_ENDPOINTS ? [TOO_MANY] : []),
    ];
  }

  /** @returns null where the log has no paths, or none are kept. */
  asJson(): Record<string, unknown> | null {
    const sorted = this.#sorted();
    if (sorted.length === 0) return null;
    return {
      count: sorted.length,
      is_complete: this.#others === 0,
      are_too_many: sorted.length > MANY_ENDPOINTS,
      templates: sorted.slice(0, MANY_ENDPOINTS).map(([endpoint, requests]) => ({ endpoint, requests })),
    };
  }

  /** Those with the most requests first, and equal ones by their texts. */
  #sorted(): [endpoint: string, requests: number][] {
    return [...this.#requests].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  }
}

const TOO_MANY = `warning: more than ${MANY_ENDPOINTS} endpoints take much room, and tell little. Some identifiers may not look like one: give ENDPOINTS a file with your templates.`;
