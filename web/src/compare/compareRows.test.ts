import { expect, test } from 'vitest';
import { metadataRows } from '../files/metadataRows';
import { acquisitionRows, fileRows, narrowed, originalRows } from './compareRows';

const value = (of: string | number, unit: string | null = null) => ({ value: of, unit, source: 'x' });
const set = (acquisition: Record<string, ReturnType<typeof value>>) => ({ formatName: 'DM3', size: 1000, acquisition });

test('Compares the terms of both, those that matter first', () => {
  const rows = acquisitionRows(set({ dwell_time: value(4e-6, 's'), instrument: value('Titan') }), set({ instrument: value('Titan'), operator: value('JLAU') }));
  expect(rows.map(({ label, a, b, differs }) => [label, a, b, differs])).toEqual([
    ['Instrument', 'Titan', 'Titan', false],
    ['Operator', null, 'JLAU', true],
    ['Dwell time', '4 µs', null, true],
  ]);
});

test('Writes out two values that differ but round to the same text', () => {
  const [row] = acquisitionRows(set({ exposure_time: value(1.00001, 's') }), set({ exposure_time: value(1.00002, 's') }));
  expect(row).toMatchObject({ a: '1.00001 s', b: '1.00002 s', differs: true });
});

test('Keeps what only the second tree has where it stands there', () => {
  const rows = originalRows(metadataRows({ a: 1, c: { d: 2, e: 3 } }), metadataRows({ first: 0, a: 1, b: 5, c: { d: 4 } }));
  expect(rows.map(({ key, a, b, differs }) => [key, a, b, differs])).toEqual([
    ['first', null, '0', true], ['a', '1', '1', false], ['b', null, '5', true], ['c.d', '2', '4', true], ['c.e', '3', null, true],
  ]);
});

test('A value that says null is another thing than no value', () => {
  expect(originalRows(metadataRows({ a: null }), metadataRows({}))[0]).toMatchObject({ a: 'null', b: null, differs: true });
});

test('Shows only differences, and what holds every word', () => {
  const rows = originalRows(metadataRows({ Voltage: 300, Mode: 'STEM' }), metadataRows({ Voltage: 200, Mode: 'STEM' }));
  expect(narrowed(rows, true, []).map(({ key }) => key)).toEqual(['Voltage']);
  expect(narrowed(rows, false, ['stem', 'mode']).map(({ key }) => key)).toEqual(['Mode']);
  expect(narrowed(rows, true, ['stem'])).toEqual([]);
});

test('Says of the files what is recorded of either', () => {
  expect(fileRows(set({}), { ...set({}), size: 2000 }, undefined, undefined).map(({ label, differs }) => [label, differs])).toEqual([['Format', false], ['Size of the file', true]]);
});
