import { appendFileSync, copyFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Assigned, Assignment, Source } from '../../../src/source/contract.ts';
import { FilesSource } from '../../../src/source/files/files-source.ts';
import { customerDays } from '../../../src/window/key.ts';
import { SQLITE, type StorePlace } from '../../support/sqlite-place.ts';
import { readOnce } from '../../support/steps.ts';
import { WrappedSource } from '../../support/wrapped-source.ts';

let directory: string;
let log: string;
let place: StorePlace;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-changed-'));
  log = join(directory, 'app.log');
  place = await SQLITE.createPlace();
});

afterEach(async () => {
  await place.dispose();
  rmSync(directory, { recursive: true });
});

/** Lines of one customer, longer than what identifies a file. */
function linesOf(customer: string, count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const second = String(i % 60).padStart(2, '0');
    return `2024-10-02 05:10:${second} ${customer} /requests/${customer}/${i} 200 0.100\n`;
  }).join('');
}

/** Calls `change` behind the first read of all. */
class ChangingSource extends WrappedSource {
  readonly #change: () => void;
  #hasChanged = false;

  constructor(source: Source, change: () => void) {
    super(source);
    this.#change = change;
  }

  protected override assigned(assigned: Assigned): Assigned {
    return { ...assigned, assignments: assigned.assignments.map((one) => this.#changing(one)) };
  }

  #changing(assignment: Assignment): Assignment {
    return {
      ...assignment,
      open: async () => {
        const reader = await assignment.open();
        if (!reader) return undefined;
        return {
          before: reader.before,
          hasBytePositions: reader.hasBytePositions,
          read: async (target) => {
            const bytes = await reader.read(target);
            if (!this.#hasChanged) this.#change();
            this.#hasChanged = true;
            return bytes;
          },
          positionAt: (bytes) => reader.positionAt(bytes),
          isIntact: (position, tailChecksum) => reader.isIntact(position, tailChecksum),
          checksumsUpTo: (offset) => reader.checksumsUpTo(offset),
          close: () => reader.close(),
        };
      },
    };
  }
}

/** Both logs begin with them. They are longer than the bytes that identify a file. */
const HEADER = linesOf('both', 40);

/** More than is read at once. */
const MANY = 8_000;

it.each([
  { header: '', known: 0, lines: 60, linesBehind: 100 },
  { header: '', known: 30, lines: 60, linesBehind: 100 },
  { header: HEADER, known: 0, lines: 60, linesBehind: 100 },
  { header: HEADER, known: 0, lines: 60, linesBehind: 20 },
  { header: HEADER, known: 30, lines: 60, linesBehind: 100 },
  { header: HEADER, known: 0, lines: MANY, linesBehind: 100 },
  { header: HEADER, known: 0, lines: MANY, linesBehind: 2 * MANY },
  { header: '', known: 30, lines: MANY, linesBehind: 2 * MANY },
])(
  'a log of $lines lines that is copied, emptied and written on ($linesBehind lines) while it is read from line $known on counts once',
  async ({ header, known, lines, linesBehind }) => {
    const store = await place.open();
    await store.migrate();
    const old = `${header}${linesOf('before', lines)}`.split(/(?<=\n)/);
    appendFileSync(log, old.slice(0, known).join(''));
    const settings = { paths: [directory], store, nowMs: Date.now };
    if (known > 0) await readOnce(settings);
    appendFileSync(log, old.slice(known).join(''));
    const source = new ChangingSource(new FilesSource([directory]), () => {
      copyFileSync(log, join(directory, 'app.log.1'));
      truncateSync(log);
      appendFileSync(log, `${header}${linesOf('behind', linesBehind)}`);
    });
    await readOnce(settings, source);
    const requests = async (customerId: string) =>
      (await store.windows({ ...customerDays(customerId), from: '0001-01-01', limit: 9 })).map(
        (day) => day.success_requests,
      );
    expect(await requests('before')).toEqual([lines]);
    expect(await requests('behind')).toEqual([linesBehind]);
    expect(await requests('both')).toEqual(header === '' ? [] : [80]);
    const read = (await store.checkpoints.all()).reduce((sum, checkpoint) => sum + checkpoint.lines, 0);
    expect(read).toBe(lines + linesBehind + (header === '' ? 0 : 80));
  },
);
