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
    ['Sidney', 'Australia/Sydney'],
    ['+25:00', expect.anything()],
  ])('refuse a time zone of %j and name the nearest known one', (zone, near) => {
    const message = `--log-time-zone is ${JSON.stringify(zone)}, but must be the IANA name of a time zone, such as Europe/Berlin, or a fixed offset, such as +02:00.`;
    const expected = typeof near === 'string' ? `${message} Did you mean ${near}?` : message;
    expect(() => load({ flags: { LOG_TIME_ZONE: zone } })).toThrow(
      expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining(expected) }),
    );
  });

  it.each([
    ['EST5', 'As a fixed offset, write -05:00.'],
    ['CET-1', 'As a fixed offset, write +01:00.'],
    ['<+0530>-5:30', 'As a fixed offset, write +05:30.'],
    ['TZ=EST5', 'As a fixed offset, write -05:00.'],
    ['EST5EDT,M3.2.0,M11.1.0', 'Name a place with the same clock, such as America/New_York.'],
    ['NZST-12NZDT', 'Name a place with the same clock, such as America/New_York.'],
    ['UTC+2', '+02:00 is ahead of UTC, -02:00 behind it.'],
    ['+2', '+02:00 is ahead of UTC, -02:00 behind it.'],
    ['local', 'such as +02:00.'],
    ['server time', 'such as +02:00.'],
    ['PDT', 'such as +02:00.'],
    ['x', 'such as +02:00.'],
  ])('refuse a time zone of %j without guessing at a place that is not near', (zone, end) => {
    const ending = (message: string) => message.endsWith(end) && !message.includes('Did you mean');
    expect(() => load({ environment: { TIME_ZONE: zone } })).toThrow(
      expect.toSatisfy(({ code, message }) => code === 'INVALID_SETTING' && ending(message)),
    );
  });

  it('refuse an unknown name in a file, and guess at none that is not near', () => {
    for (const name of ['DEBUG', 'AWS_REGION', 'TZ', 'PATH_TO_LOGS']) {
      expect(() => load({ configFile: fileOf(`${name}=x`) })).toThrow(
        expect.toSatisfy(({ message }) => message.endsWith('is not a setting of this version.')),
      );
    }
  });

  it('refuse an unknown name in a file, and name the nearest known one', () => {
    expect(() => load({ configFile: fileOf('LOG_SOURCE_DIR=/x') })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_SETTING',
        message: expect.stringContaining('Did you mean LOGS_SOURCE_DIR?'),
      }),
    );
  });

  it('refuse a line of a file that is not NAME=value, and name it', () => {
    for (const line of ['BATCH_LINES 5', 'BATCH_LINES: 7', 'garbage']) {
      expect(() => load({ configFile: fileOf(`# ports\n\nPORT=1\n${line}\n`) })).toThrow(
        expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining('Line 4 of') }),
      );
    }
  });

  it('refuse a file that is not there', () => {
    expect(() => load({ configFile: '/nowhere' })).toThrow(
      expect.objectContaining({ code: 'INVALID_SETTING' }),
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
    ['P1M', 'Years and months differ in length: give it in days.'],
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
