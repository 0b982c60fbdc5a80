import { expect, test } from 'vitest';
import { startPush } from '../../../src/commands/pushing/start-push.ts';
import { accessOf } from '../../../src/commands/serving/access.ts';
import { loadSettings } from '../../../src/config/load.ts';
import { Metrics } from '../../../src/metrics/metrics.ts';

/** What starting says of these settings; undefined: nothing. */
function refusal(environment: Readonly<Record<string, string>>): string | undefined {
  const settings = loadSettings({ flags: {}, environment, configFile: undefined });
  try {
    const access = accessOf(settings);
    startPush(settings, access, { metrics: new Metrics('0.0.0'), tracing: undefined });
    return undefined;
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
}

test('pushes are off unless they are switched on, and their settings have no effect then', () => {
  expect(refusal({})).toBeUndefined();
  for (const [name, value] of [
    ['PUSH_KEY_DURATION', 'P2D'],
    ['OTLP_RECORDS', 'body'],
    ['OTLP_CUSTOMER_ATTRIBUTE', 'tenant.id'],
    ['OTLP_DURATION_ATTRIBUTE', 'took'],
    ['OTLP_DURATION_UNIT', 'ms'],
  ] as const)
    expect(refusal({ [name]: value })).toMatch(`INVALID_SETTING: ${name} is set, but PUSH is off.`);
});

test('nobody hands in lines over a network without a key, however one insists', () => {
  const open = { PUSH: 'on', HOST: '0.0.0.0', INSECURE_NO_AUTH: 'on' };
  expect(refusal(open)).toMatch('INVALID_SETTING: PUSH is on and AUTH is off, but other machines');
  const jwt = { AUTH: 'jwt', JWT_ISSUER: 'a', JWT_AUDIENCE: 'b', JWT_JWKS_URL: 'https://a.example.com/' };
  expect(refusal({ PUSH: 'on', ...jwt })).toMatch('INVALID_SETTING: PUSH is on, but AUTH is jwt.');
});

test('keys are known from an hour to 31 days', () => {
  for (const duration of ['PT59M', 'P32D', 'max'])
    expect(refusal({ PUSH: 'on', PUSH_KEY_DURATION: duration })).toMatch(
      'must be from an hour (PT1H) to 31 days',
    );
});
