import { expect, test } from 'vitest';
import { gridOf } from './grid';
import { boundsOf, type Bounds, type Drawn } from './shapes';

/** Numbers that look random and are the same every time (mulberry32). */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test('finds exactly what a look at every shape finds', () => {
  const next = numbers(7);
  const shapes: Drawn[] = Array.from({ length: 3000 }, (_, i) => {
    const [x, y, size] = [next() * 4000, next() * 3000, i % 100 ? next() * 30 : next() * 3000];
    return { kind: 'box', points: [x, y, x + size, y + size * next()] };
  });
  const grid = gridOf(shapes);
  for (let round = 0; round < 200; round++) {
    const [left, top] = [next() * 5000 - 500, next() * 4000 - 500];
    const area: Bounds = { left, top, right: left + next() * 1500, bottom: top + next() * 1500 };
    const expected = shapes.flatMap(({ points }, i) => {
      const b = boundsOf(points);
      return b.left <= area.right && b.right >= area.left && b.top <= area.bottom && b.bottom >= area.top ? [i] : [];
    });
    expect([...grid.within(area)].sort((a, b) => a - b)).toEqual(expected);
  }
});

test('nothing, one point and points in one place are found, too', () => {
  const everywhere = { left: -10, top: -10, right: 10, bottom: 10 };
  expect([...gridOf([]).within(everywhere)]).toEqual([]);
  expect([...gridOf([{ kind: 'point', points: [1, 1] }]).within(everywhere)]).toEqual([0]);
  expect([...gridOf(Array.from({ length: 50 }, () => ({ kind: 'point', points: [1, 1] }) as const)).within(everywhere)]).toHaveLength(50);
});
