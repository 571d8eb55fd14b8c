import { expect, test } from 'vitest';
import { boundsOf, distanceTo, handlesOf, inOrder, movedBy, withHandle } from './shapes';

test('corners are put in order whichever way a box was dragged', () => {
  expect(inOrder({ kind: 'box', points: [12, 3, 2, 7] })).toEqual([2, 3, 12, 7]);
  expect(inOrder({ kind: 'line', points: [12, 3, 2, 7] })).toEqual([12, 3, 2, 7]);
});

test('a handle moves its corner and leaves the opposite one', () => {
  const box = { kind: 'box', points: [0, 0, 10, 6] } as const;
  expect(handlesOf(box)).toEqual([[0, 0], [10, 0], [10, 6], [0, 6]]);
  expect(inOrder({ kind: 'box', points: withHandle(box, 1, 14, -2) })).toEqual([0, -2, 14, 6]);
  expect(withHandle({ kind: 'polygon', points: [0, 0, 4, 0, 4, 4] }, 2, 9, 8)).toEqual([0, 0, 4, 0, 9, 8]);
});

test('bounds and moving', () => {
  expect(boundsOf([3, 1, -2, 5, 0, 0])).toEqual({ left: -2, top: 0, right: 3, bottom: 5 });
  expect(movedBy([1, 2, 3, 4], 10, -1)).toEqual([11, 1, 13, 3]);
});

test('distance is none inside what is closed and that to the outline elsewhere', () => {
  expect(distanceTo({ kind: 'box', points: [0, 0, 10, 6] }, 5, 5, 1, 1)).toBe(0);
  expect(distanceTo({ kind: 'box', points: [0, 0, 10, 6] }, 13, 10, 1, 1)).toBe(5);
  expect(distanceTo({ kind: 'ellipse', points: [0, 0, 10, 10] }, 15, 5, 1, 1)).toBeCloseTo(5);
  expect(distanceTo({ kind: 'polygon', points: [0, 0, 10, 0, 0, 10] }, 2, 2, 1, 1)).toBe(0);
  expect(distanceTo({ kind: 'polygon', points: [0, 0, 10, 0, 0, 10] }, 10, 10, 1, 1)).toBeCloseTo(Math.hypot(5, 5));
  expect(distanceTo({ kind: 'line', points: [0, 0, 10, 0] }, 5, 3, 2, 4)).toBe(12);
  expect(distanceTo({ kind: 'line', points: [0, 0, 10, 0] }, 13, 4, 1, 1)).toBe(5);
});
