import { DaymarkError } from '../../errors.ts';
import { presentCheckpoints } from './partition-discovery.ts';

/** Notices that another host reads the same partitions: it has moved one on between two polls of this host. */
export class HostNotice {
  readonly #host: string;
  readonly #sourceName: string;
  /** Where the partitions stood at the last poll, by id. */
  #offsets: ReadonlyMap<string, number> = new Map();
  readonly #reported = new Set<string>();

  /** @param host the name of this host. @param sourceName empty where it is not set. */
  constructor(host: string, sourceName: string) {
    this.#host = host;
    this.#sourceName = sourceName;
  }

  /** @returns what to report: each other host once a run. */
  check(discovered: Parameters<typeof presentCheckpoints>[0]): DaymarkError[] {
    const present = presentCheckpoints(discovered);
    const errors: DaymarkError[] = [];
    for (const { id, name, offset, host } of present) {
      const before = this.#offsets.get(id);
      const isOfOther = host !== '' && host !== this.#host;
      if (before === undefined || offset <= before || !isOfOther || this.#reported.has(host)) continue;
      this.#reported.add(host);
      errors.push(this.#error(name, host));
    }
    this.#offsets = new Map(present.map(({ id, offset }) => [id, offset]));
    return errors;
  }

  #error(name: string, other: string): DaymarkError {
    const named = this.#sourceName === '' ? 'without a SOURCE_NAME' : `with SOURCE_NAME=${this.#sourceName}`;
    const detail = `${name} is read by the host ${this.#host} and by the host ${other}, ${named}. Each of its lines counts once.`;
    return new DaymarkError('READ_BY_TWO_HOSTS', detail);
  }
}
