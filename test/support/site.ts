/** Where one test keeps its files and its stores. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { SQLITE, type StorePlace } from './sqlite-place.ts';

export interface Site {
  readonly directory: string;
  /** An empty directory in it, for logs. */
  readonly logs: string;
  /** Makes room for a store of its own. */
  newPlace(): Promise<StorePlace>;
}

/** Gives each test of a file a fresh site, and deletes it after the test. */
export function siteOfEachTest(name: string): Site {
  let directory = '';
  let places: StorePlace[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), `daymark-${name}-`));
    mkdirSync(join(directory, 'logs'));
    places = [];
  });
  afterEach(async () => {
    for (const place of places) await place.dispose();
    rmSync(directory, { recursive: true });
  });
  return {
    get directory() {
      return directory;
    },
    get logs() {
      return join(directory, 'logs');
    },
    newPlace: async () => {
      const place = await SQLITE.createPlace();
      places.push(place);
      return place;
    },
  };
}
