import { describe, expect, it } from 'vitest';
import { all, extended, NOTHING, shownOf, toggled } from './selected';

const ORDER = ['a', 'b', 'c', 'd', 'e'];
const ids = ({ ids: chosen }: { ids: ReadonlySet<string> }) => [...chosen].sort().join('');

describe('selection', () => {
  it('chooses one and leaves it out again', () => {
    const one = toggled(NOTHING, 'b');
    expect(ids(one)).toBe('b');
    expect(ids(toggled(one, 'b'))).toBe('');
    expect(NOTHING.ids.size).toBe(0);
  });

  it('extends from the last one touched, in both directions, and keeps what was chosen', () => {
    const two = toggled(toggled(NOTHING, 'a'), 'c');
    expect(ids(extended(two, 'e', ORDER))).toBe('acde');
    expect(ids(extended(toggled(NOTHING, 'd'), 'b', ORDER))).toBe('bcd');
  });

  it('keeps the beginning of a range, so that it can be made longer and from another end', () => {
    const range = extended(toggled(NOTHING, 'b'), 'c', ORDER);
    expect(ids(extended(range, 'd', ORDER))).toBe('bcd');
    expect(ids(extended(range, 'a', ORDER))).toBe('abc');
  });

  it('begins a range where its anchor is no longer listed', () => {
    expect(ids(extended(NOTHING, 'c', ORDER))).toBe('c');
    expect(ids(extended({ ids: new Set(['x']), anchor: 'x' }, 'c', ORDER))).toBe('cx');
    expect(ids(extended(NOTHING, 'x', ORDER))).toBe('');
  });

  it('chooses all, and acts only upon what is shown', () => {
    const every = all(ORDER);
    expect(ids(every)).toBe('abcde');
    expect(shownOf(every, [{ id: 'b' }, { id: 'z' }])).toEqual([{ id: 'b' }]);
    expect(ids(all([]))).toBe('');
  });
});
