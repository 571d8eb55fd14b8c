import { describe, expect, it } from 'vitest';
import { barsOf, rangeText, spanOf } from './histogram';
import { readQuantity, readRange, rounded, writeQuantity } from './quantityText';

const edge = (bin: number) => 10 ** (bin / 8);

describe('quantities of a query', () => {
  it('are written with the prefix that reads best', () => {
    expect(writeQuantity(2e-10, 'm')).toBe('0.2nm');
    expect(writeQuantity(1.2e-11, 'm')).toBe('0.012nm');
    expect(writeQuantity(5e-12, 'm')).toBe('5pm');
    expect(writeQuantity(3.5e-7, 'm')).toBe('350nm');
    expect(writeQuantity(200000, 'V')).toBe('200kV');
    expect(writeQuantity(50000, null)).toBe('50000');
    expect(writeQuantity(0.1 + 0.2, null)).toBe('0.3');
  });

  it('read back', () => {
    for (const [value, unit] of [[2e-10, 'm'], [5e-12, 'm'], [4.2e-6, 'm'], [200000, 'V'], [130000, null], [0.5, null]] as const)
      expect(readQuantity(writeQuantity(value, unit), unit)! / value).toBeCloseTo(1, 9);
    expect(readQuantity('1.5 Å', 'm')).toBeCloseTo(1.5e-10, 15);
    expect(readQuantity('50kx', null)).toBe(50000);
    expect(readQuantity('1e-5m', 'm')).toBe(1e-5);
    expect(readQuantity('200', 'V')).toBeNull();
    expect(readQuantity('20nm', 'V')).toBeNull();
    expect(readQuantity('nm', 'm')).toBeNull();
  });

  it('are ranges with open ends, bounds and shared units', () => {
    expect(readRange('10..20kV', 'V')).toEqual({ from: 10000, to: 20000 });
    expect(readRange('..20kV', 'V')).toEqual({ from: null, to: 20000 });
    expect(readRange('10kV..', 'V')).toEqual({ from: 10000, to: null });
    expect(readRange('>=10kV', 'V')).toEqual({ from: 10000, to: null });
    expect(readRange('<10kV', 'V')).toEqual({ from: null, to: 10000 });
    expect(readRange('10kV', 'V')).toEqual({ from: 10000, to: 10000 });
    expect(readRange('*', 'V')).toBeNull();
    expect(readRange('a..b', 'V')).toBeNull();
  });

  it('are rounded away from what lies between', () => {
    expect(rounded(1.333, 'down')).toBeCloseTo(1.3);
    expect(rounded(1.333, 'up')).toBeCloseTo(1.4);
    expect(rounded(1e-9, 'up') / 1e-9).toBeCloseTo(1);
    expect(rounded(1000, 'down')).toBeCloseTo(1000);
  });
});

describe('histogram', () => {
  const bars = barsOf([{ from: edge(-80), count: 4 }, { from: edge(-76), count: 2 }, { from: edge(-77), count: 1 }]);

  it('has bars without gaps, in their order', () => {
    expect(bars.counts).toEqual([4, 0, 0, 1, 2]);
    expect(bars.edges).toHaveLength(6);
    expect(bars.edges[0]).toBeCloseTo(1e-10, 16);
    expect(barsOf([]).counts).toEqual([]);
  });

  it('writes a range with few digits that holds all of its bars', () => {
    const text = rangeText(bars, [1, 4], 'm')!;
    expect(text).toBe('0.13nm..0.32nm');
    const { from, to } = readRange(text, 'm')!;
    expect(from).toBeLessThanOrEqual(bars.edges[1]!);
    expect(to).toBeGreaterThanOrEqual(bars.edges[4]!);
  });

  it('leaves an end open that is the end of all', () => {
    expect(rangeText(bars, [0, 5], 'm')).toBeNull();
    expect(rangeText(bars, [0, 2], 'm')).toBe('..0.18nm');
    expect(rangeText(bars, [3, 5], 'm')).toBe('0.23nm..');
  });

  it('finds the bars again that a range was written for', () => {
    for (let from = 0; from < 5; from++)
      for (let to = from + 1; to <= 5; to++) {
        const text = rangeText(bars, [from, to], 'm');
        if (text) expect(spanOf(bars, text, 'm')).toEqual([from, to]);
      }
  });

  it('shows at least one bar, also for what lies beside all of them', () => {
    expect(spanOf(bars, '1µm..2µm', 'm')).toEqual([4, 5]);
    expect(spanOf(bars, '1pm..2pm', 'm')).toEqual([0, 1]);
    expect(spanOf(bars, '0.11nm', 'm')).toEqual([0, 1]);
    expect(spanOf(bars, '*', 'm')).toBeNull();
  });
});
