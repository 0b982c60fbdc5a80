import { describe, expect, it } from 'vitest';
import { refuseMistyped } from '../../src/config/environment-names.ts';
import { loadSettings } from '../../src/config/load.ts';
import { SETTING_NAMES } from '../../src/config/settings.ts';

const load = (environment: Record<string, string>) =>
  loadSettings({ flags: {}, environment, configFile: undefined });

describe('a variable of the environment', () => {
  it.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['DATADIR', 'DATA_DIR'],
    ['DATA_DRI', 'DATA_DIR'],
    ['RETENTON_DAY', 'RETENTION_DAYS'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['JWT_JWKS_URI', 'JWT_JWKS_URL'],
  ])('that is nearly a setting, %s, is refused', (name, setting) => {
    expect(() => load({ [name]: 'x' })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_SETTING', message: expect.stringContaining(`${setting}?`) }),
    );
  });

  it.each([
    ...['PATH', 'HOME', 'HOSTNAME', 'HOSTS', 'POST', 'PORTS', 'SPORT', 'XPORT', 'AUTHOR', 'HOUR', 'WORKER'],
    ...['INCLUDES', 'TZ', 'TIMEZONE', 'ENDPOINT', 'LOG_LEVEL', 'LOG_FILE', 'LOGNAME', 'LOG_DIR', 'DATABASE'],
    ...[
      'DATABASE_HOST',
      'DATABASE_PORT',
      'DATABASE_NAME',
      'JWT_SECRET',
      'PGDATA',
      'XDG_DATA_DIRS',
      'NODE_ENV',
    ],
    ...['DAYMARK_PORT', 'API_PORT', 'API_HOST', 'METRICS', 'CUSTOMERS', 'BATCH_SIZE', 'MAX_WORKERS', 'ALIVE'],
  ])('of another program, %s, is left alone', (name) => {
    expect(() => load({ [name]: 'x' })).not.toThrow();
  });

  it('without a value counts as unset', () => {
    expect(() => load({ DATABSE_URL: '' })).not.toThrow();
  });

  it('that is a setting is never taken for another one', () => {
    const all = Object.fromEntries(SETTING_NAMES.map((name) => [name, 'x']));
    expect(() => refuseMistyped(all, SETTING_NAMES)).not.toThrow();
  });
});
