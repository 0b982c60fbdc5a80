import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasDuration } from '../../src/log-format/format-string/customer.ts';
import { PRESETS } from '../../src/log-format/presets.ts';
import { recognise } from '../../src/log-format/recognise.ts';
import { UTC } from '../../src/window/zone.ts';
import { check } from '../support/property.ts';

const SETTINGS = { logZone: UTC, missingCustomerId: undefined };
const recogniseText = (text: string) => recognise(Buffer.from(text), true, SETTINGS).fitting;
const bestOf = (text: string) => recogniseText(text)[0]?.known.name;

describe('a log', () => {
  it.each(PRESETS)('of $name is recognised', ({ name, header = [], examples }) => {
    const [best] = recogniseText(`${[header, examples].flat().join('\n')}\n`);
    expect(best).toMatchObject({ known: { name }, lines: examples.length, understood: examples.length });
  });

  it.each(PRESETS)('of one line of $name is recognised', ({ name, header = [], examples }) => {
    for (const example of examples) expect(bestOf([header, example].flat().join('\n'))).toBe(name);
  });

  it('in combined is none in common, which would cut it off', () => {
    const [combined = ''] = PRESETS.find(({ name }) => name === 'combined')?.examples ?? [];
    expect(recogniseText(combined).map(({ known }) => known.name)).toEqual(['combined']);
  });

  it.each(['0.316', '80 0.316 [default-web-8080] [] 172.17.0.5:8080 59 0.316 200 52a0'])(
    'that goes on with a duration behind the end of a preset is not recognised as without one: %s',
    (rest) => {
      const [combined = ''] = PRESETS.find(({ name }) => name === 'combined')?.examples ?? [];
      const [best] = recogniseText(`${combined} ${rest}`);
      expect(best?.draft && hasDuration(best.draft)).toBe(true);
    },
  );

  it('of which some lines go on with a duration is not recognised as without one', () => {
    const [combined = ''] = PRESETS.find(({ name }) => name === 'combined')?.examples ?? [];
    const lines = Array.from({ length: 10 }, (_, i) => (i < 4 ? `${combined} 0.316` : combined));
    expect(recogniseText(lines.join('\n')).map(({ known }) => known.name)).not.toContain('combined');
    expect(bestOf([...Array(30).fill(combined), `${combined} x`].join('\n'))).toBe('combined');
  });

  it.each([
    ['a host behind the user', '192.0.2.9 - bob api.example.com'],
    ['a scheme behind the user', '2001:db8::17 - bob https'],
    ['a country before the user', '203.0.113.1 - DE bob'],
    ['an ident and a host', '192.0.2.9 ident bob api.example.com'],
    ['a host’s name and a word behind the user', 'client.example.com - bob HIT'],
    ['a list of addresses', '203.0.113.7, 10.0.0.1 - bob'],
    ['a container’s name', '172.18.0.1 web - bob'],
  ])('is none with virtual hosts where %s stands, or another word would be the user', (_, beginning) => {
    const line = `${beginning} [02/Oct/2024:05:10:46 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl"`;
    for (const text of [line, `${line} 0.316`])
      for (const { known } of recogniseText(text)) expect(known.format).not.toContain('vhost');
  });

  it('is recognised by what most of its lines are', () => {
    const of = (wanted: string) => PRESETS.find(({ name }) => name === wanted)?.examples.join('\n') ?? '';
    const [best, ...others] = recogniseText(`${of('caddy')}\nwhat\n\n${of('caddy')}\n${of('default')}\n`);
    expect(best).toMatchObject({ known: { name: 'caddy' }, lines: 11, understood: 6 });
    expect(others.map(({ known }) => known.name)).toEqual(['default']);
  });

  it('of which only the beginning of one line is known is not recognised', () => {
    expect(recognise(Buffer.from('2024-10-02 05:10:46 a /b 200 0.1'), false, SETTINGS).fitting).toEqual([]);
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
