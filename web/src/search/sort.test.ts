import { expect, test } from 'vitest';
import { flipped, orderOf } from './sort';

test('The newest come first, names begin with a, and each can be turned round', () => {
  expect(orderOf('newest')).toEqual({ by: 'newest', isDescending: true });
  expect(orderOf('-newest')).toEqual({ by: 'newest', isDescending: false });
  expect(orderOf('name')).toEqual({ by: 'name', isDescending: false });
  expect(orderOf('-name')).toEqual({ by: 'name', isDescending: true });
  for (const sort of ['newest', 'name', '-size']) {
    expect(flipped(flipped(sort))).toBe(sort);
    expect(orderOf(flipped(sort)).isDescending).toBe(!orderOf(sort).isDescending);
  }
});
