import { describe, expect, it } from 'vitest';
import { wantedSheets } from './sheets';

const sight = (first: number, last: number) => ({ first, last });

describe('sheets of a list', () => {
  it('asks for the first alone while nothing is known', () => {
    expect(wantedSheets(sight(0, 40), null, null, 100)).toEqual([0]);
    expect(wantedSheets(sight(0, 140), null, null, 100)).toEqual([0]);
  });

  it('asks for those in sight, across borders and not past the end', () => {
    expect(wantedSheets(sight(90, 210), null, 1000, 100)).toEqual([0, 1, 2]);
    expect(wantedSheets(sight(100, 200), null, 1000, 100)).toEqual([1]);
    expect(wantedSheets(sight(980, 1040), null, 1000, 100)).toEqual([9]);
    expect(wantedSheets(sight(0, 40), null, 0, 100)).toEqual([]);
    expect(wantedSheets(sight(0, 40), null, 1, 100)).toEqual([0]);
  });

  it('asks ahead in the direction of moving, after what is in sight', () => {
    expect(wantedSheets(sight(450, 490), sight(440, 480), 100_000, 100)).toEqual([4, 5, 6, 7]);
    expect(wantedSheets(sight(450, 490), sight(460, 500), 100_000, 100)).toEqual([4, 3, 2, 1]);
    expect(wantedSheets(sight(150, 190), sight(160, 200), 100_000, 100)).toEqual([1, 0]);
    expect(wantedSheets(sight(450, 490), sight(440, 480), 560, 100)).toEqual([4, 5]);
  });

  it('asks on both sides where one rests', () => {
    expect(wantedSheets(sight(450, 490), sight(450, 490), 100_000, 100)).toEqual([4, 5, 3]);
  });

  it('asks for nothing ahead of a jump', () => {
    expect(wantedSheets(sight(50_000, 50_040), sight(0, 40), 100_000, 100)).toEqual([500]);
    expect(wantedSheets(sight(0, 40), sight(50_000, 50_040), 100_000, 100)).toEqual([0]);
  });

  it('stays in a list that became shorter than where one is', () => {
    expect(wantedSheets(sight(5000, 5040), sight(5000, 5040), 250, 100)).toEqual([2, 1]);
  });
});
