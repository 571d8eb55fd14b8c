import { expect, test } from 'vitest';
import { areaOf, lengthOf, measuresOf } from './measure';

const axis = (name: string, scale: number, unit: string | null = 'nm') => ({ name, scale, offset: 0, unit });

test('lengths and areas take the steps of both axes', () => {
  expect(lengthOf({ kind: 'polyline', points: [0, 0, 3, 4, 3, 10] }, 1, 1)).toBe(11);
  expect(lengthOf({ kind: 'line', points: [0, 0, 6, 4] }, 0.5, 1)).toBe(5);
  expect(areaOf({ kind: 'box', points: [2, 3, 12, 7] }, 0.5, 0.25)).toBe(5);
  expect(areaOf({ kind: 'polygon', points: [0, 0, 4, 0, 4, 2, 0, 2] }, 1, 3)).toBe(24);
  expect(lengthOf({ kind: 'ellipse', points: [0, 0, 2, 2] }, 1, 1)).toBeCloseTo(2 * Math.PI, 12);
  expect(areaOf({ kind: 'line', points: [0, 0, 1, 1] }, 1, 1)).toBeNull();
});

test('they are told in the unit that reads best, or in pixels', () => {
  expect(measuresOf({ kind: 'box', points: [0, 0, 100, 50] }, { x: axis('x', 0.5), y: axis('y', 0.5) })).toEqual([
    { what: 'Perimeter', words: '150 nm' }, { what: 'Area', words: '1250 nm²' },
  ]);
  expect(measuresOf({ kind: 'line', points: [0, 0, 0, 4000] }, { x: axis('x', 0.5), y: axis('y', 0.5) })).toEqual([{ what: 'Length', words: '2 µm' }]);
  expect(measuresOf({ kind: 'line', points: [0, 0, 0, 40] }, { x: axis('kx', 0.1, '1/nm'), y: axis('ky', 0.1, '1/nm') })).toEqual([{ what: 'Length', words: '4 1/nm' }]);
  expect(measuresOf({ kind: 'line', points: [0, 0, 3, 4] }, { x: axis('x', 1), y: axis('energy', 1, 'eV') })).toEqual([{ what: 'Length', words: '5 px' }]);
  expect(measuresOf({ kind: 'point', points: [0, 0] }, null)).toEqual([]);
});
