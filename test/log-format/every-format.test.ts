import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogFormat } from '../../src/log-format/format.ts';
import { parseLogFormat } from '../../src/log-format/format-string/parse.ts';
import { PRESETS } from '../../src/log-format/presets.ts';
import { formatWithoutCustomer } from '../../src/log-format/recognise.ts';
import type { ScanSettings } from '../../src/log-format/types.ts';
import { UTC } from '../../src/window/zone.ts';
import { anyFormat, headOf, writtenIn } from '../support/formats.ts';
import { check } from '../support/property.ts';
import { scan, scanByReference } from '../support/scanning.ts';
import { tableOf } from '../support/zones.ts';

/** What the kernel reads by itself, it must read as the reference does; the rest it must leave to it. */

const ZONES = [UTC, tableOf('Europe/Berlin'), tableOf('Australia/Lord_Howe')];
const mutation = fc.tuple(
  fc.nat(300),
  fc.constantFrom('change', 'drop', 'double', 'cut', 'insert'),
  fc.oneof(fc.constantFrom(...Buffer.from(' "\\-,:{}[]=\t.09/;?%#')), fc.integer({ min: 0, max: 255 })),
);
const mutations = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }) },
);

function mutated(text: string, changes: readonly (readonly [number, string, number])[]): Buffer {
  let bytes = [...Buffer.from(text)];
  for (const [at, kind, byte] of changes) {
    const i = at % Math.max(1, bytes.length);
    if (kind === 'change') bytes[i] = byte;
    else if (kind === 'drop') bytes.splice(i, 1);
    else if (kind === 'double') bytes.splice(i, 0, bytes[i] ?? byte);
    else if (kind === 'insert') bytes.splice(i, 0, byte);
    else bytes = bytes.slice(0, i);
  }
  return Buffer.from(bytes);
}

/** Lines of a format, good and broken, with settings to read them by. */
function logOf(format: LogFormat): fc.Arbitrary<{ settings: ScanSettings; bytes: Buffer }> {
  const line = fc.tuple(writtenIn(format), mutations, fc.constantFrom('\n', '\n', '\r\n'));
  return fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: 8 }),
      zone: fc.constantFrom(...ZONES),
      missingCustomerId: fc.constantFrom(undefined, undefined, 'anonymous'),
    })
    .map(({ lines, zone, missingCustomerId }) => {
      const parts = lines.flatMap(([{ text }, changes, end]) => [mutated(text, changes), Buffer.from(end)]);
      return {
        settings: { format, logZone: zone, missingCustomerId },
        bytes: Buffer.concat([headOf(format), ...parts]),
      };
    });
}

describe('the scanner of any format', () => {
  it('says of any lines what the reference parser says of them', () => {
    check(
      fc.property(anyFormat.chain(logOf), ({ settings, bytes }) => {
        expect(scan(bytes, { settings })).toEqual(scanByReference(bytes, settings));
      }),
      Number(process.env.N ?? 300),
    );
  });

  it.each(PRESETS.map(({ name }) => name))(
    'says of lines of the preset %s what the reference says',
    (name) => {
      const format = formatWithoutCustomer(parseLogFormat(name));
      check(
        fc.property(logOf(format), ({ settings, bytes }) => {
          expect(scan(bytes, { settings })).toEqual(scanByReference(bytes, settings));
        }),
        300,
      );
    },
  );
});
