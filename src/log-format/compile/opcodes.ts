/** The numbers that a program is made of. `kernel/assembly/scan/instructions.ts` has the same ones, with their meaning. */

import type { LogWrapper } from '../wrapper/types.ts';

export const LAYOUTS = { pattern: 0, json: 1, logfmt: 2, delimited: 3, ltsv: 5 } as const;
/** The layout of the default format, which the kernel reads without running instructions one by one. */
export const PLAIN = 4;

/** Of what is put around each line; 0 where nothing is. The scanner takes off other wrappers. */
export const WRAPPERS: Partial<Record<LogWrapper, number>> = { cri: 1, docker: 2 };

export const OPCODES = {
  end: 0,
  literal: 1,
  datetime: 2,
  iso8601: 3,
  clf: 4,
  epoch: 5,
  customer: 6,
  skip: 7,
  quoted: 8,
  path: 9,
  capture: 10,
  captureRequest: 11,
  status: 12,
  duration: 13,
  half: 14,
  mark: 15,
  noted: 16,
  slashes: 18,
} as const;

/* Flags of the columns of a log. */
export const HAS_COMMENTS = 1;
export const OPEN_ENDED = 2;

export const CONSUME = 0x10000;
export const OPTIONAL = 0x20000;
export const SUM = 0x40000;
export const ESCAPED = 0x80000;
export const LIST = 0x100000;
export const HOST = 0x200000;
export const WORD = 0x400000;
export const USER = 0x800000;

/* In the highest byte of an instruction that takes the customer id. */
export const ADDRESS = 1;
export const ADDRESS_WITH_PORT = 2;
export const PLACE_SHIFT = 2;
