/** What the databases' own codes mean: which of them are waited out. */

import { describe, expect, test } from 'vitest';
import { type DaymarkError, ERRORS, type ErrorDefinition } from '../../src/errors.ts';
import { codeOf, connectionError, SQL_STATES, statementError } from '../../src/store/postgres/errors.ts';
import { sqliteError } from '../../src/store/sqlite/errors.ts';

const passes = (state: string): boolean => (ERRORS[codeOf(state)] as ErrorDefinition).isTransient === true;

/** All codes of these classes in PostgreSQL's list (version 18). */
const WAITED_OUT = {
  'connection exceptions': ['08000', '08001', '08003', '08004', '08006', '08007', '08P01'],
  'sessions and transactions that the server ended': ['25006', '25P03', '25P04'],
  'transactions that lost': ['40000', '40001', '40003', '40P01'],
  'missing resources': ['53000', '53100', '53200', '53300', '53400'],
  'transaction numbers that ran out': ['54000'],
  'objects in use': ['55000', '55006', '55P03'],
  'what operators do': ['57000', '57014', '57P01', '57P02', '57P03', '57P05'],
  'errors of the system': ['58000', '58030', '58P01', '58P02', '58P03'],
  'old snapshots': ['72000'],
};
const NEVER = {
  'what the server cannot do': ['0A000'],
  'other states of transactions': ['25000', '25001', '25P01'],
  'refused users': ['28000', '28P01', '42501'],
  'databases that are not there': ['3D000', '57P04'],
  'constraints of a transaction': ['40002', '23505'],
  'limits of a statement': ['54001', '54011', '54023'],
  'wrong states': ['55P02', '55P04'],
  'damage and faults of the server': ['XX000', 'XX001', 'XX002'],
};

describe('PostgreSQL', () => {
  test.each(Object.entries(WAITED_OUT))('%s are waited out', (_, states) => {
    for (const state of states) expect([state, passes(state)]).toEqual([state, true]);
  });

  test.each(Object.entries(NEVER))('%s end the run', (_, states) => {
    for (const state of states) expect([state, passes(state)]).toEqual([state, false]);
  });

  test('each code has one meaning', () => {
    const states = SQL_STATES.map(({ state }) => state);
    expect(new Set(states).size).toBe(states.length);
  });

  const internal = (severity: string) =>
    Object.assign(new Error('could not write init file'), { severity, code: 'XX000' });

  test('an internal error passes where no session came about, or the server ended it', () => {
    expect(connectionError(internal('FATAL'), 'here')).toMatchObject({ code: 'STORE_UNREACHABLE' });
    // The severity may be in the language of the server.
    expect(connectionError(internal('ФАТАЛЬНАЯ'), 'here')).toMatchObject({ code: 'STORE_UNREACHABLE' });
    for (const severity of ['FATAL', 'PANIC'])
      expect(statementError(internal(severity), 'here')).toMatchObject({ code: 'STORE_UNREACHABLE' });
    expect(statementError(internal('ERROR'), 'here')).toMatchObject({ code: 'STORE_FAILED' });
  });
});

describe('SQLite', () => {
  const meaningOf = (errcode: number): DaymarkError => {
    const error = Object.assign(new Error('as SQLite words it'), { code: 'ERR_SQLITE_ERROR', errcode });
    return sqliteError(error, '/data/daymark.db', 'the store') as DaymarkError;
  };

  test.each([3, 5, 6, 7, 8, 10, 13, 14, 15, 17])(
    'result %i is waited out, and so are its extended ones',
    (result) => {
      for (const code of [result, result | (3 << 8)]) expect(meaningOf(code).isTransient).toBe(true);
    },
  );

  test.each([1, 11, 26, 8202, 8458])('result %i ends the run', (result) => {
    expect(meaningOf(result).isTransient).toBe(false);
  });
});
