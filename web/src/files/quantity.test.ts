import { expect, test } from 'vitest';
import { formatAcquired, formatNumber, formatQuantity, formatRecordedTime, formatStep } from './quantity';

const number = (value: number, unit: string | null) => ({ value, unit, source: 'k' });

test.each([
  [200000, 'V', '200 kV'],
  [300, 'V', '300 V'],
  [4.2e-10, 'm', '420 pm'],
  [1e-9, 'm', '1 nm'],
  [2.5e-6, 's', '2.5 µs'],
  [1.23456e-11, 'A', '12.35 pA'],
  [93.15, 'K', '93.15 K'],
  [0, 'm', '0 m'],
  [-1.5e-4, 'm', '−150 µm'],
  [0.0214, 'rad', '21.4 mrad'],
  [Math.PI / 6, 'rad', '30°'],
])('%d %s reads as %s', (value, unit, words) => {
  expect(formatQuantity(value, unit)).toBe(words);
});

test('Groups large numbers and keeps whole ones whole', () => {
  expect(formatNumber(130000)).toBe('130\u2009000');
  expect(formatNumber(1234)).toBe('1234');
  expect(formatNumber(0.333333)).toBe('0.3333');
});

test('Writes magnification with a times sign', () => {
  expect(formatAcquired('nominal_magnification', number(50000, null))).toBe('× 50\u2009000');
});

test('Speaks of small pixels in nanometres', () => {
  expect(formatStep(0.0423, 'nm')).toBe('0.0423 nm');
  expect(formatStep(1.5, 'µm')).toBe('1.5 µm');
  expect(formatStep(4.2e-10, 'm')).toBe('0.42 nm');
  expect(formatStep(0.05, '1/nm')).toBe('0.05 1/nm');
});

test('Keeps a recorded time in the words of the instrument, whatever the reader’s zone', () => {
  expect(formatRecordedTime('2019-03-04T23:55:10')).toBe('4 Mar 2019, 23:55');
  expect(formatRecordedTime('2019-03-04T23:55:10+09:00')).toBe('4 Mar 2019, 23:55');
  expect(formatRecordedTime('2019-03-04')).toBe('4 Mar 2019');
});
