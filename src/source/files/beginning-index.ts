import { bug } from '../../errors.ts';
import type { PrefixChecksums } from '../prefix-checksums.ts';

/**
 * Finds streams that are the beginning of another one, or begin with it, as far as their checksums show. Comparing all pairs
 * took 22 s for 1,200 logs with one header.
 */
export class BeginningIndex<T> {
  readonly #all: { readonly item: T; readonly checksums: PrefixChecksums }[] = [];
  /** Those that end with a checksum: by how many they have, and the last one. */
  readonly #ending = new Map<number, Map<number, T[]>>();
  /** Those that have more, by their checksum at a position. Built for a position when it is first asked for. */
  readonly #passing = new Map<number, Map<number, T[]>>();

  add(item: T, checksums: PrefixChecksums): void {
    this.#all.push({ item, checksums });
    addTo(mapAt(this.#ending, checksums.count), checksums, checksums.count, item);
    for (const [count, map] of this.#passing) if (count < checksums.count) addTo(map, checksums, count, item);
  }

  /** Those with the same checksums as this stream, as far as both have them. */
  agreeingWith(checksums: PrefixChecksums): T[] {
    const found = [...(this.#passingAt(checksums.count).get(lastOf(checksums, checksums.count)) ?? [])];
    for (const [count, map] of this.#ending)
      if (count <= checksums.count) found.push(...(map.get(lastOf(checksums, count)) ?? []));
    return found;
  }

  #passingAt(count: number): Map<number, T[]> {
    const known = this.#passing.get(count);
    if (known) return known;
    const map = mapAt(this.#passing, count);
    for (const { item, checksums } of this.#all)
      if (checksums.count > count) addTo(map, checksums, count, item);
    return map;
  }
}

function mapAt<T>(maps: Map<number, Map<number, T[]>>, count: number): Map<number, T[]> {
  const map = maps.get(count) ?? new Map<number, T[]>();
  maps.set(count, map);
  return map;
}

function addTo<T>(map: Map<number, T[]>, checksums: PrefixChecksums, count: number, item: T): void {
  const last = lastOf(checksums, count);
  const items = map.get(last);
  if (items) items.push(item);
  else map.set(last, [item]);
}

/** Streams without a checksum agree with all. */
function lastOf(checksums: PrefixChecksums, count: number): number {
  if (count > checksums.count) throw bug(`${count} checksums of ${checksums.count}`);
  return count === 0 ? 0 : checksums.at(count - 1);
}
