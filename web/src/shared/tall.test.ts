import { describe, expect, it } from 'vitest';
import { heightOf, shiftAt, TALLEST, toElement, toFull } from './tall';

const short = { full: 11_500_000, view: 800 };
const tall = { full: 115_000_000, view: 800 };

describe('lists higher than an element can be', () => {
  it('leaves lists alone that are not', () => {
    expect(heightOf(short.full)).toBe(short.full);
    expect(toFull(5_000_000, short)).toBe(5_000_000);
    expect(shiftAt(5_000_000, 0, 0, short)).toBe(0);
  });

  it('puts both ends and the middle of the bar where they are in the list', () => {
    expect(heightOf(tall.full)).toBe(TALLEST);
    expect(toFull(0, tall)).toBe(0);
    expect(toFull(TALLEST - tall.view, tall)).toBe(tall.full - tall.view);
    expect(toFull((TALLEST - tall.view) / 2, tall)).toBe((tall.full - tall.view) / 2);
    expect(Math.abs(toFull(toElement(77_777_777, tall), tall) - 77_777_777)).toBeLessThan(8);
  });

  it('moves by its own pixels under the wheel, and by its share under the bar', () => {
    const middle = shiftAt(7_000_000, 0, 0, tall);
    expect(7_000_000 + middle).toBe(toFull(7_000_000, tall));
    expect(shiftAt(7_000_480, 7_000_000, middle, tall)).toBe(middle);
    expect(shiftAt(6_998_000, 7_000_000, middle, tall)).toBe(middle);
    expect(shiftAt(0, 7_000_000, middle, tall)).toBe(0);
  });

  it('does not leave the list at its ends', () => {
    expect(shiftAt(100, 500, -300, tall)).toBe(-100);
    const end = TALLEST - tall.view;
    expect(end + shiftAt(end, end - 100, tall.full, tall)).toBe(tall.full - tall.view);
  });
});
