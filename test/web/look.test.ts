/** The look of the page, as far as its style sheets tell: contrast, motion, one scale of sizes. */

import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const SHARED = readFileSync('web/src/app.css', 'utf8');
const STYLES = [SHARED, ...globSync('web/src/**/*.svelte').map(styleOf)].filter((text) => text !== '');

function styleOf(path: string): string {
  return /<style>([\s\S]*)<\/style>/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
}

/** The colours of the light scheme, and those of the dark one, which changes some of them. */
function schemes(): Record<string, Map<string, string>> {
  const [light = '', dark = ''] = SHARED.split('@media (prefers-color-scheme: dark)');
  const colorsOf = (text: string) =>
    [...text.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map(
      ([, name = '', color = '']) => [name, color] as const,
    );
  return {
    light: new Map(colorsOf(light)),
    dark: new Map([...colorsOf(light), ...colorsOf(dark.split('*,')[0] ?? '')]),
  };
}

/** As WCAG defines it: 1 to 21. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const MARKS = ['met', 'missed', 'exhausted', 'few', 'none', 'other', 'p50', 'p95', 'p99', 'control'];
const TEXTS = ['text', 'quiet', 'accent', 'good', 'bad'];

it.each(Object.entries(schemes()))(
  '%s: marks have a contrast of 3:1 against all grounds, and texts of 4.5:1',
  (_, colors) => {
    const of = (name: string) => colors.get(`--${name}`) ?? '';
    for (const [names, least] of [
      [MARKS, 3],
      [TEXTS, 4.5],
    ] as const)
      for (const name of names)
        for (const ground of ['ground', 'card', 'sunken'])
          expect([name, ground, contrast(of(name), of(ground)) >= least]).toEqual([name, ground, true]);
  },
);

it('the states of days that a target judges differ in lightness or hue, and each has another look', () => {
  for (const colors of Object.values(schemes())) {
    const states = ['met', 'missed', 'exhausted', 'few'].map((name) => colors.get(`--${name}`));
    expect(new Set(states).size).toBe(4);
  }
});

it('nothing moves for those who want no motion', () => {
  for (const style of STYLES) {
    const always = style.replace(
      /@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]*\{[^{}]*\})*\s*\}/g,
      '',
    );
    expect(always).not.toMatch(/\b(?:transition|animation|scroll-behavior)\b/);
  }
});

it('text has one of few sizes, and paper its own', () => {
  const sizes = STYLES.flatMap((style) =>
    [...style.matchAll(/font-size: ([^;]+);/g)].map(([, size]) => size),
  );
  expect(new Set(sizes).size).toBeLessThanOrEqual(11);
});

it('colours come from the palette, so that both schemes have them', () => {
  for (const style of STYLES.slice(1))
    expect(style.replace(/rgb\(16 24 40 \/ \d+%\)/g, '')).not.toMatch(/#[0-9a-f]{3,8}\b|rgb\(|hsl\(/);
});
