import { expect, test } from 'vitest';
import {
  maxConnectionsOf,
  maxDescriptors,
  maxEventStreamsOf,
} from '../../../src/commands/ingesting/descriptors.ts';
import { ASSUMED_DESCRIPTORS, DEFAULT_MAX_CONNECTIONS } from '../../../src/limits.ts';

const limits = (soft: string) =>
  `Max processes             96000 96000 processes\nMax open files            ${soft}   4096   files\n`;

test('the soft limit of open files is read as Linux tells it', () => {
  expect(maxDescriptors(limits('300'))).toBe(300);
  expect(maxDescriptors(limits('unlimited'))).toBe(Number.POSITIVE_INFINITY);
  expect(maxDescriptors('')).toBe(ASSUMED_DESCRIPTORS);
  expect(maxDescriptors()).toBeGreaterThan(0);
});

test('connections leave descriptors for the rest of the program', () => {
  for (const descriptors of [16, 64, 300, 1024, 4096])
    expect(maxConnectionsOf(undefined, descriptors)).toBeLessThanOrEqual(descriptors / 4);
  expect(maxConnectionsOf(undefined, 1)).toBe(1);
  expect(maxConnectionsOf(undefined, Number.POSITIVE_INFINITY)).toBe(DEFAULT_MAX_CONNECTIONS);
});

test('a setting is taken where the descriptors allow it, and refused where not', () => {
  expect(maxConnectionsOf(512, 1024)).toBe(512);
  expect(() => maxConnectionsOf(513, 1024)).toThrow(/MAX_CONNECTIONS is 513.*1024.*512 is the most/);
  expect(maxConnectionsOf(5000, Number.POSITIVE_INFINITY)).toBe(5000);
});

test('half of the connections may be streams of events, and a setting may ask for all of them', () => {
  expect(maxEventStreamsOf(undefined, 1_000)).toBe(500);
  expect([maxEventStreamsOf(0, 1_000), maxEventStreamsOf(1_000, 1_000)]).toEqual([0, 1_000]);
  expect(() => maxEventStreamsOf(1_001, 1_000)).toThrow(/MAX_EVENT_STREAMS is 1001.*1000 connections/);
});
