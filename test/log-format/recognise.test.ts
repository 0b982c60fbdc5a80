import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../src/log-format/presets.ts';
import { recognise } from '../../src/log-format/recognise.ts';
import { UTC } from '../../src/window/zone.ts';
import { check } from '../support/property.ts';

const SETTINGS = { logZone: UTC, missingCustomerId: undefined };
const recogniseText = (text: string) => recognise(Buffer.from(text), true, SETTINGS);
const bestOf = (text: string) => recogniseText(text)[0]?.preset.name;

describe('a log', () => {
  it.each(PRESETS)('of $name is recognised', ({ name, header = [], examples }) => {
    const [best] = recogniseText(`${[header, examples].flat().join('\n')}\n`);
    expect(best).toMatchObject({ preset: { name }, lines: examples.length, understood: examples.length });
  });

  it.each(PRESETS)('of one line of $name is recognised', ({ name, header = [], examples }) => {
    for (const example of examples) expect(bestOf([header, example].flat().join('\n'))).toBe(name);
  });

  it('in combined is none in common, which would cut it off', () => {
    const [combined = ''] = PRESETS.find(({ name }) => name === 'combined')?.examples ?? [];
    expect(recogniseText(combined).map(({ preset }) => preset.name)).toEqual(['combined']);
  });

  it('that goes on with a duration behind the end of a preset is not recognised as without one', () => {
    const [combined = ''] = PRESETS.find(({ name }) => name === 'combined')?.examples ?? [];
    expect(recogniseText(`${combined} 0.316`)).toEqual([]);
    expect(
      recogniseText(`${combined} 80 0.316 [default-web-8080] [] 172.17.0.5:8080 59 0.316 200 52a0`),
    ).toEqual([]);
  });

  it('is recognised by what most of its lines are', () => {
    const of = (wanted: string) => PRESETS.find(({ name }) => name === wanted)?.examples.join('\n') ?? '';
    const [best, ...others] = recogniseText(`${of('caddy')}\nwhat\n\n${of('caddy')}\n${of('default')}\n`);
    expect(best).toMatchObject({ preset: { name: 'caddy' }, lines: 11, understood: 6 });
    expect(others.map(({ preset }) => preset.name)).toEqual(['default']);
  });

  it('of which only the beginning of one line is known is not recognised', () => {
    expect(recognise(Buffer.from('2024-10-02 05:10:46 a /b 200 0.1'), false, SETTINGS)).toEqual([]);
  });

  it('of anything else is not recognised', () => {
    check(
      fc.property(fc.array(fc.string()), (lines) => {
        expect(recogniseText(lines.join('\n'))).toEqual([]);
      }),
      100,
    );
  });
});
