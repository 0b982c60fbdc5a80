import { expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { parseOrigins } from '../../src/config/origins.ts';

test('a list of origins is `*`, or exact origins as browsers send them', () => {
  expect(parseOrigins('*')).toEqual(['*']);
  expect(parseOrigins('https://app.example.com, http://localhost:3000,http://[::1]:808')).toEqual([
    ...['https://app.example.com', 'http://localhost:3000', 'http://[::1]:808'],
  ]);
  for (const text of [
    '',
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://App.example.com',
    'https://app.example.com:443',
    'https://*.example.com',
    'null',
    'file:///etc',
    'https://a.example,',
    '*,https://a.example',
    'https://user@a.example',
  ])
    expect([text, parseOrigins(text)]).toEqual([text, undefined]);
});

test('CORS_ORIGINS is refused where a browser would never send it', () => {
  const load = (text: string) =>
    loadSettings({ flags: {}, environment: { CORS_ORIGINS: text }, configFile: undefined });
  expect(load('https://a.example').CORS_ORIGINS).toBe('https://a.example');
  expect(load('').CORS_ORIGINS).toBeUndefined();
  expect(() => load('https://a.example/')).toThrow('CORS_ORIGINS in the environment is "https://a.example/"');
});
