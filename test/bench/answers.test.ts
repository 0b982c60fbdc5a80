import { expect, test } from 'vitest';
import { differences, parseAnswers } from '../../bench/support/answers.ts';

const ROW = 'cust_1\t2024-09-03\t935\t2285\t1.05005\t28.686122902754406';
const PERCENTILES = '\t1.047\t1.981';

test('finds nothing where two programs agree, also on what only one of them knows', () => {
  expect(differences(parseAnswers(ROW + PERCENTILES), parseAnswers(ROW + PERCENTILES))).toEqual([]);
  expect(differences(parseAnswers(ROW + PERCENTILES), parseAnswers(ROW))).toEqual([]);
  expect(differences(parseAnswers(ROW), parseAnswers(ROW.replace('1.05005', '1.0500500000000017')))).toEqual(
    [],
  );
});

test('finds a difference in every field', () => {
  const fields = (ROW + PERCENTILES).split('\t');
  for (const [index, name] of [
    [2, 'success'],
    [3, 'failed'],
    [4, 'mean'],
    [5, 'uptime'],
    [6, 'p50'],
    [7, 'p99'],
  ] as const) {
    const other = fields.with(index, String(Number(fields[index]) * (1 + 1e-8))).join('\t');
    const found = differences(parseAnswers(ROW + PERCENTILES), parseAnswers(other));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`cust_1 2024-09-03 ${name}: `);
  }
});

test('finds a row that only one of the programs has', () => {
  const two = parseAnswers(`${ROW}\n${ROW.replace('cust_1', 'cust_2')}\n`);
  expect(differences(parseAnswers(ROW), two)).toEqual(['cust_2 2024-09-03: only the other has it']);
  expect(differences(two, parseAnswers(ROW))).toEqual(['cust_2 2024-09-03: only daymark has it']);
});

test('takes a number that is none for a difference', () => {
  expect(differences(parseAnswers(ROW.replace('1.05005', 'NaN')), parseAnswers(ROW))).toHaveLength(1);
});

test('compares only the counts with a program that says nothing else', () => {
  const counts = ROW.split('\t').slice(0, 4).join('\t');
  expect(differences(parseAnswers(ROW + PERCENTILES), parseAnswers(counts))).toEqual([]);
  const other = parseAnswers(counts.replace('935', '936'));
  expect(differences(parseAnswers(ROW + PERCENTILES), other)).toHaveLength(1);
});

test('without a tolerance finds the last bit of a mean', () => {
  const mean = 1.05005;
  const next = parseAnswers(ROW.replace(String(mean), String(mean + Number.EPSILON)));
  expect(differences(parseAnswers(ROW), next)).toEqual([]);
  expect(differences(parseAnswers(ROW), next, 0)).toHaveLength(1);
});
