import { expect, test } from 'vitest';
import { ticksOf } from './ticks';

test('Ticks stand at round numbers, in the place of their coordinate', () => {
  const ticks = ticksOf({ size: 1024, scale: 0.5, offset: 250 });
  expect(ticks.map(({ value }) => value)).toEqual([300, 400, 500, 600, 700]);
  expect(ticks[0]!.at).toBeCloseTo(50 / 511.5, 10);
  expect(ticksOf({ size: 11, scale: 0.1, offset: null }).map(({ value }) => value)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test('An axis that runs down has its ticks the other way round', () => {
  expect(ticksOf({ size: 3, scale: -1, offset: 2 }, 2)).toEqual([{ value: 0, at: 1 }, { value: 1, at: 0.5 }, { value: 2, at: 0 }]);
});

test('A single point and an uncalibrated axis do no harm', () => {
  expect(ticksOf({ size: 1, scale: 1, offset: 0 })).toEqual([]);
  expect(ticksOf({ size: 101, scale: null, offset: null }).map(({ value }) => value)).toEqual([0, 20, 40, 60, 80, 100]);
});
