import { describe, expect, it } from 'vitest';
import { added, nothing, renewed, type Selected, toggled, without } from './selected';

const one = (id: string, version = 1) => ({ id, version });
const ids = ({ items }: Selected<{ id: string; version: number }>) => [...items.keys()].join('');

describe('selection', () => {
  it('chooses one and leaves it out again, and begins the next range there', () => {
    const chosen = toggled(nothing(), one('b'), 1, 'list');
    expect(ids(chosen)).toBe('b');
    expect(chosen.anchor).toEqual({ id: 'b', index: 1, list: 'list' });
    expect(ids(toggled(chosen, one('b'), 1, 'list'))).toBe('');
    expect(nothing().items.size).toBe(0);
  });

  it('adds a range to what was chosen, each once, and keeps its beginning', () => {
    const range = added(toggled(toggled(nothing(), one('a'), 0, 'list'), one('c'), 2, 'list'), [one('c'), one('d'), one('e')]);
    expect(ids(range)).toBe('acde');
    expect(range.anchor?.id).toBe('c');
    expect(added(nothing(), [one('x')], { id: 'x', index: 7, list: 'list' }).anchor).toEqual({ id: 'x', index: 7, list: 'list' });
  });

  it('forgets what is no longer there', () => {
    expect(ids(without(added(nothing(), [one('a'), one('b'), one('c')]), ['b', 'z']))).toBe('ac');
  });

  it('knows the newest version of what is chosen, wherever it was seen', () => {
    const chosen = added(nothing(), [one('a', 3), one('b', 3)]);
    expect(renewed(chosen, [one('a', 4), one('b', 2), one('c', 9)]).items.get('a')?.version).toBe(4);
    expect(renewed(chosen, [one('a', 4), one('b', 2)]).items.get('b')?.version).toBe(3);
    expect(ids(renewed(chosen, [one('c', 9)]))).toBe('ab');
    expect(renewed(chosen, [one('a', 3)])).toBe(chosen);
  });
});
