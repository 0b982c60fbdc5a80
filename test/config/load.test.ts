import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings, type SettingSources } from '../../src/config/load.ts';

const load = (sources: Partial<SettingSources>) =>
  loadSettings({ flags: {}, environment: {}, configFile: undefined, ...sources });

function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'daymark-config-')), 'settings');
  writeFileSync(path, text);
  return path;
}

describe('settings', () => {
  it('have their defaults where nothing sets them', () => {
    expect(load({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8888,
      DATA_DIR: './data',
      DATABASE_URL: undefined,
    });
  });

  it('are taken from flags before the environment, and from there before the file', () => {
    const configFile = fileOf('PORT=1\nHOST=file\nDATA_DIR=file # a comment\n');
    const settings = load({
      flags: { PORT: '3' },
      environment: { PORT: '2', HOST: 'environment' },
      configFile,
    });
    expect(settings).toMatchObject({ PORT: 3, HOST: 'environment', DATA_DIR: 'file' });
  });

  it('count as unset where they are empty', () => {
    expect(load({ environment: { DATABASE_URL: '', PORT: '' } })).toMatchObject({
      DATABASE_URL: undefined,
      PORT: 8888,
    });
  });

  it.each(['eighty', '-1', '65536', '1e3', '80.0', ' 80'])(
    'refuse a port of %j and say what it must be',
    (PORT) => {
      expect(() => load({ environment: { PORT } })).toThrow(
        expect.objectContaining({
          code: 'INVALID_SETTING',
          message: `PORT in the environment is ${JSON.stringify(PORT)}, but must be a whole number from 0 to 65535.`,
        }),
      );
    },
  );

  it.each(['UTC', 'Europe/Berlin', 'america/new_york', 'Etc/GMT-2', '+02:00', 'Asia/Kolkata'])(
    'take a time zone by its IANA name or as an offset: %s',
    (TIME_ZONE) => {
      expect(load({ environment: { TIME_ZONE } })).toMatchObject({ TIME_ZONE, LOG_TIME_ZONE: 'UTC' });
    },
  );

  it.each([
    ['Berlin', 'Europe/Berlin'],
    ['new york', 'America/New_York'],
    ['Europe/Pariss', 'Europe/Paris'],
    ['+25:00', expect.anything()],
  ])('refuse a time zone of %j and name the nearest known one', (zone, near) => {
    const message = `--log-time-zone is ${JSON.stringify(zone)}, but must be the IANA name of a time zone, such as Europe/Berlin.`;
    const expected = typeof near === 'string' ? `${message} Did you mean ${near}?` : message;
    expect(() => load({ flags: { LOG_TIME_ZONE: zone } })).toThrow(
      expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining(expected) }),
    );
  });

  it('refuse an unknown name in a file, and name the nearest known one', () => {
    expect(() => load({ configFile: fileOf('LOG_SOURCE_DIR=/x') })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_SETTING',
        message: expect.stringContaining('Did you mean LOGS_SOURCE_DIR?'),
      }),
    );
  });

  it('refuse a line of a file that is no NAME=value, and say which', () => {
    for (const line of ['BATCH_LINES 5', 'BATCH_LINES: 7', 'garbage']) {
      expect(() => load({ configFile: fileOf(`# ports\n\nPORT=1\n${line}\n`) })).toThrow(
        expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining('Line 4 of') }),
      );
    }
  });

  it('refuse a file that is not there', () => {
    expect(() => load({ configFile: '/nowhere' })).toThrow(
      expect.objectContaining({ code: 'PATH_NOT_FOUND' }),
    );
  });

  it('take durations in ISO 8601, in seconds and as max, and give milliseconds', () => {
    const environment = { WAIT_FOR_SYSTEM_DURATION: 'PT1H', MAX_EVENT_AGE: '90', MAX_EVENT_AHEAD: 'max' };
    expect(load({ environment })).toMatchObject({
      WAIT_FOR_SYSTEM_DURATION: 3_600_000,
      MAX_EVENT_AGE: 90_000,
      MAX_EVENT_AHEAD: Number.POSITIVE_INFINITY,
      LATE_EVENTS: 'revise',
    });
    expect(load({})).toMatchObject({
      WAIT_FOR_SYSTEM_DURATION: Number.POSITIVE_INFINITY,
      MAX_EVENT_AGE: Number.POSITIVE_INFINITY,
      MAX_EVENT_AHEAD: undefined,
    });
  });

  it.each([
    ['1 hour', 'such as PT1H or P2D, a number of seconds, or max.'],
    ['P1M', 'Years and months differ in length: say it in days.'],
    ['-PT1H', 'such as PT1H'],
  ])('refuse a duration of %j and say what it must be', (text, message) => {
    expect(() => load({ flags: { WAIT_FOR_SYSTEM_DURATION: text } })).toThrow(
      expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining(message) }),
    );
  });

  it('refuse what is none of the choices that there are', () => {
    expect(() => load({ environment: { LATE_EVENTS: 'ignore' } })).toThrow(
      expect.objectContaining({
        code: 'INVALID_SETTING',
        message: 'LATE_EVENTS in the environment is "ignore", but must be revise or drop.',
      }),
    );
  });
});
