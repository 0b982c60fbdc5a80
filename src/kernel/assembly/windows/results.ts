/** Turns the counters into the results that leave the kernel, and empties them. */

import { combine, forgetOthers, level, otherAt, others } from './others';
import { statusAt } from './statuses';
import { writeVarint } from './varint';
import {
  DURATION_RESULT,
  DURATIONS,
  ENCODED_MS,
  ENCODED_US,
  MILLISECONDS,
  MS_COUNTS_RESULT,
  MS_RESULT,
  NO_DURATION,
  REQUESTS,
  REQUESTS_RESULT,
  STATUS_RESULT,
  STATUSES,
  US_COUNTS_RESULT,
  US_RESULT,
} from './window-memory';

export let statusResults: u32 = 0;
export let msResults: u32 = 0;
export let usResults: u32 = 0;
export let encodedMsBytes: u32 = 0;
export let encodedUsBytes: u32 = 0;
/** How exactly the durations are kept; see `levels.ts`. */
export let resultLevel: u32 = 0;

/** True where the lists are needed beside their encoded form. */
let isListing: bool = true;

/** Turns all counters into results. */
export function takeResults(): void {
  isListing = true;
  take(true);
}

/** Leaves out the lists, and what is in MILLISECONDS unless that is asked for. */
export function encodeResults(withMilliseconds: bool): void {
  isListing = false;
  take(withMilliseconds);
}

function take(withMilliseconds: bool): void {
  takeStatuses();
  combine();
  resultLevel = level;
  msResults = 0;
  usResults = 0;
  msEnd = ENCODED_MS;
  usEnd = ENCODED_US;
  previousMs = 0;
  previousUs = 0;
  if (withMilliseconds) takeMilliseconds();
  takeOthers();
  encodedMsBytes = <u32>(msEnd - ENCODED_MS);
  encodedUsBytes = <u32>(usEnd - ENCODED_US);
}

function takeStatuses(): void {
  statusResults = 0;
  for (let place: u32 = 0; place < STATUSES; place++) {
    const requests = load<u64>(REQUESTS + (place << 3));
    if (requests == 0) continue;
    const result: usize = statusResults++ << 3;
    store<f64>(STATUS_RESULT + result, <f64>statusAt(place));
    store<f64>(REQUESTS_RESULT + result, <f64>requests);
    store<u64>(DURATION_RESULT + result, load<u64>(DURATIONS + (place << 3)));
    store<u64>(REQUESTS + (place << 3), 0);
    store<u64>(DURATIONS + (place << 3), 0);
  }
}

function takeMilliseconds(): void {
  for (let four: u32 = 0; four < NO_DURATION; four += 4) {
    const at = MILLISECONDS + (<usize>four << 2);
    if (!v128.any_true(v128.load(at))) continue;
    for (let ms = four; ms < four + 4; ms++) {
      const count = load<u32>(MILLISECONDS + (<usize>ms << 2));
      if (count != 0) takeMs(ms, count);
    }
    v128.store(at, i32x4.splat(0));
  }
}

/** All that are whole milliseconds are longer than those of MILLISECONDS. */
function takeOthers(): void {
  for (let i: u32 = 0; i < others; i++) {
    const us = load<u64>(otherAt(i));
    const count = load<u64>(otherAt(i), 8);
    const ms = us / 1000;
    if (ms * 1000 == us) takeMs(<u32>ms, count);
    else takeUs(us, count);
  }
  forgetOthers();
}

let msEnd: usize = ENCODED_MS;
let previousMs: u32 = 0;
let usEnd: usize = ENCODED_US;
let previousUs: u64 = 0;

// @ts-ignore: decorator
@inline
function takeMs(ms: u32, count: u64): void {
  if (isListing) {
    const result: usize = msResults++ << 3;
    store<f64>(MS_RESULT + result, <f64>ms);
    store<f64>(MS_COUNTS_RESULT + result, <f64>count);
  }
  msEnd = encode(msEnd, ms - previousMs, count);
  previousMs = ms;
}

// @ts-ignore: decorator
@inline
function takeUs(us: u64, count: u64): void {
  if (isListing) {
    const result: usize = usResults++ << 3;
    store<f64>(US_RESULT + result, <f64>us);
    store<f64>(US_COUNTS_RESULT + result, <f64>count);
  }
  usEnd = encode(usEnd, us - previousUs, count);
  previousUs = us;
}

// @ts-ignore: decorator
@inline
function encode(at: usize, step: u64, count: u64): usize {
  if (count < 8) return writeVarint(at, (step << 3) | (count - 1));
  return writeVarint(writeVarint(at, (step << 3) | 7), count - 8);
}
