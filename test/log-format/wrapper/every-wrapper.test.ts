import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { LogFormat } from '../../../src/log-format/format.ts';
import { LOG_WRAPPERS, type LogWrapper } from '../../../src/log-format/wrapper/types.ts';
import { anyFormat, choices, headOf, writtenIn } from '../../support/formats.ts';
import { check, runsOf } from '../../support/property.ts';
import { settingsOf } from '../../support/reading.ts';
import { rulesFor } from '../../support/rules.ts';
import { linesReadByKernel, type ScannedRecord, scan, scanByReference } from '../../support/scanning.ts';
import { criLine, dockerLine, style, wrappedLine } from '../../support/wrap.ts';

/** Lines of any format, in any wrapper, cut into parts: what was written is read back, however it is read. */

/** A W3C extended log cannot be wrapped: its settings are refused. */
const formats = anyFormat.filter(({ layout }) => layout !== 'w3c');
const wrapper = fc.constantFrom(...LOG_WRAPPERS);
const reads = fc.record({
  blockBytes: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3_000 })),
  maxLines: fc.integer({ min: 1, max: 9 }),
});
/** Lines of the formats hold no newline: a line cannot. */
const line = (format: LogFormat) => fc.tuple(writtenIn(format), style, fc.constantFrom('\n', '\n', '\r\n'));
const RUNS = runsOf({ fast: 60, normal: 250, long: 3_000 });

let [lines, linesOfKernel] = [0, 0];
afterAll(() => console.log(`lines of CRI and Docker: ${lines}, records of the kernel: ${linesOfKernel}`));

interface Part {
  readonly bytes: Buffer;
  readonly isPart: boolean;
}

/** Cuts a line at some places. */
function partsOf(text: Buffer, cuts: readonly number[]): Part[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  const bounds = [0, ...places, text.length];
  return bounds.slice(1).map((end, i) => ({
    bytes: text.subarray(bounds[i], end),
    isPart: i < bounds.length - 2,
  }));
}

describe('wrapped lines', () => {
  it('say what they say without their wrapper', () => {
    const logs = fc.tuple(formats, wrapper).chain(([format, one]) =>
      fc.record({
        format: fc.constant(format),
        wrapper: fc.constant(one),
        written: fc.array(line(format), { minLength: 1, maxLength: 20 }),
        head: style,
        reads,
      }),
    );
    check(
      fc.property(logs, ({ format, wrapper, written, head, reads }) => {
        const header = headOf(format).subarray(0, -1);
        const parts = [
          ...(header.length > 0 ? [wrappedLine(wrapper, header, head), Buffer.from('\n')] : []),
          ...written.flatMap(([{ text }, one, end]) => [
            wrappedLine(wrapper, Buffer.from(text), one),
            Buffer.from(end),
          ]),
        ];
        const settings = settingsOf(format, { wrapper });
        const log = Buffer.concat(parts);
        const before = linesReadByKernel();
        const scanned = scan(log, { settings });
        linesOfKernel += linesReadByKernel() - before;
        if (wrapper === 'cri' || wrapper === 'docker') lines += written.length;
        expect(scanned.records).toEqual(written.map(([{ record }]) => record));
        expect(scan(log, { settings, ...reads })).toEqual(scanned);
        expect(scanByReference(log, settings)).toEqual(scanned);
      }),
      RUNS,
    );
  });

  it('were read by the kernel, too', () => {
    expect(linesOfKernel).toBeGreaterThanOrEqual(lines / 10);
  });

  it('come together from parts, also if two streams take turns', () => {
    const cuts = fc.array(fc.nat(400), { maxLength: 4 });
    const logs = formats.chain((format) =>
      fc.record({
        format: fc.constant(format),
        isDocker: fc.boolean(),
        stdout: fc.array(fc.tuple(writtenIn(format), cuts), { minLength: 1, maxLength: 8 }),
        stderr: fc.array(fc.tuple(writtenIn(format), cuts), { maxLength: 8 }),
        turns: fc.array(fc.boolean(), { minLength: 20, maxLength: 60 }),
        one: style,
        reads,
      }),
    );
    check(
      fc.property(logs, ({ format, isDocker, stdout, stderr, turns, one, reads }) => {
        const wrap = isDocker ? dockerLine : criLine;
        const kind = { ...one, kind: one.kind === 8 ? 0 : one.kind };
        const queues = [stdout, stderr].map((written, stream) =>
          written.flatMap(([{ text, record }, cuts]) =>
            partsOf(Buffer.from(text), cuts).map(({ bytes, isPart }, i) => ({
              line: wrap(bytes, isPart, stream, kind),
              record: i === 0 ? record : undefined,
            })),
          ),
        );
        const header = headOf(format).subarray(0, -1);
        const out: { line: Buffer; record: ScannedRecord | undefined }[] =
          header.length > 0 ? [{ line: wrap(header, false, 0, kind), record: undefined }] : [];
        for (let i = 0; queues.some((queue) => queue.length > 0); i++) {
          const queue = queues[turns[i % turns.length] ? 1 : 0];
          const next = queue.shift() ?? queues.find((each) => each.length > 0)?.shift();
          if (next) out.push(next);
        }
        const log = Buffer.concat(out.flatMap(({ line }) => [line, Buffer.from('\n')]));
        const settings = settingsOf(format, { wrapper: isDocker ? 'docker' : 'cri' });
        const scanned = scan(log, { settings });
        // In the order in which they begin, within each group; groups follow one another.
        expect(scanned.records).toEqual(out.flatMap(({ record }) => record ?? []));
        expect(scan(log, { settings, ...reads })).toEqual(scanned);
        expect(scanByReference(log, settings)).toEqual(scanned);
      }),
      RUNS,
    );
  });

  it('and any bytes are understood as the reference defines, however they are read', () => {
    let [excluded, linesWithRules] = [0, 0];
    const dirt = fc.tuple(
      fc.nat(600),
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom('change', 'drop', 'cut'),
    );
    const logs = fc.tuple(formats, wrapper).chain(([format, one]) =>
      fc.record({
        format: fc.constant(format),
        wrapper: fc.constant(one as LogWrapper),
        written: fc.array(fc.tuple(writtenIn(format), style, fc.nat(9), fc.array(dirt, { maxLength: 2 })), {
          minLength: 1,
          maxLength: 16,
        }),
        isWhole: fc.boolean(),
        rules: fc.oneof(fc.constant(undefined), choices),
        reads,
      }),
    );
    check(
      fc.property(logs, ({ format, wrapper, written, isWhole, rules, reads }) => {
        const header = headOf(format).subarray(0, -1);
        const good = (text: Buffer, one: { at: number; kind: number }, choice: number) => {
          if (choice > 3 || (wrapper !== 'cri' && wrapper !== 'docker'))
            return wrappedLine(wrapper, text, one);
          const wrap = wrapper === 'cri' ? criLine : dockerLine;
          return wrap(text.subarray(choice * 7), choice > 1, choice % 2, one);
        };
        const parts = [
          ...(header.length > 0 ? [wrappedLine(wrapper, header, { at: 0, kind: 0 })] : []),
          ...written.map(([{ text }, one, choice, changes]) =>
            changes.reduce(
              (bytes, [at, byte, kind]) => {
                const i = at % Math.max(1, bytes.length);
                if (kind === 'cut') return bytes.subarray(0, i);
                const middle = kind === 'drop' ? Buffer.alloc(0) : Buffer.of(byte === 10 ? 0 : byte);
                return Buffer.concat([bytes.subarray(0, i), middle, bytes.subarray(i + 1)]);
              },
              good(Buffer.from(text), one, choice),
            ),
          ),
        ];
        const log = Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]));
        const settings = settingsOf(format, { wrapper, ...(rules ? rulesFor(format, rules) : {}) });
        const expected = scanByReference(log, settings);
        excluded += expected.excluded;
        linesWithRules += rules ? expected.lines : 0;
        expect(scan(log, { settings })).toEqual(expected);
        expect(scan(log, { settings, ...reads })).toEqual(expected);
        const partly = scan(log, { settings, isWhole });
        expect(scan(log, { settings, isWhole, ...reads })).toEqual(partly);
        // What is left alone at the end is read when the log goes on there.
        const rest = scan(log.subarray(partly.offset), {
          settings: { ...settings },
          offset: partly.offset,
          head: log,
        });
        expect([...partly.records, ...rest.records]).toEqual(expected.records);
        expect([...partly.rejections, ...rest.rejections]).toEqual(expected.rejections);
        expect(partly.excluded + rest.excluded).toBe(expected.excluded);
      }),
      RUNS,
    );
    expect(excluded).toBeGreaterThanOrEqual(linesWithRules / 20);
  });
});
