import { expect, test } from 'vitest';
import { type Curve, heightsOf, pathOf } from './curve';

const curve = (low: (number | null)[], high = low): Curve => ({ low, high, spectra: 1, logarithmicUnit: null });

test('Counts begin at nothing, unless all are high', () => {
  expect(heightsOf(curve([10, 100]), null).of(0)).toBe(0);
  expect(heightsOf(curve([90, 100]), null).of(90)).toBe(0);
  expect(heightsOf(curve([-5, 5]), null).of(0)).toBe(0.5);
});

test('Ticks stand at round numbers, and at powers of ten where heights are logarithmic', () => {
  expect(heightsOf(curve([0, 100]), null).ticks.map(({ value }) => value)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(heightsOf(curve([1, 5000]), 10).ticks.map(({ value }) => value)).toEqual([0, 10, 100, 1000]);
});

test('The line shows the extremes of each piece and breaks where nothing was measured', () => {
  const pieces = curve([0, 2, null, 10], [0, 4, null, 10]);
  expect(pathOf(pieces, heightsOf(pieces, null), 300, 100)).toBe('M0.0 100.0L100.0 80.0L100.0 60.0M300.0 0.0');
});

test('A flat curve lies in the middle', () => {
  const flat = curve([7, 7]);
  expect(pathOf(flat, heightsOf(flat, null), 100, 100)).toBe('M0.0 50.0L100.0 50.0');
});
