import { describe, expect, it } from 'vitest';
import { tagsAfter, withAll } from './bulk';

describe('acting upon many', () => {
  it('adds and takes away tags, and says where nothing changes', () => {
    expect(tagsAfter(['a', 'b'], ['c'], ['a'])).toEqual(['b', 'c']);
    expect(tagsAfter(['a'], ['a'], [])).toBeNull();
    expect(tagsAfter(['a'], [], ['b'])).toBeNull();
    expect(tagsAfter(['a'], [], ['a'])).toEqual([]);
    expect(tagsAfter(['a'], ['b'], ['a'])).toEqual(['b']);
  });

  it('asks of a thousand at once, and one refusal does not keep the others', async () => {
    const asked: number[] = [];
    const items = Array.from({ length: 2500 }, (_, n) => n);
    const outcome = await withAll('Trying', items, async (some) => {
      asked.push(some.length);
      if (some[0] === 2000) throw new Error('nobody there');
      return { done: some.filter((n) => n !== 3).map((n) => ({ id: String(n) })), refused: some.includes(3) ? [{ id: '3', type: 'urn:stemma:problem:held', detail: 'held' }] : [] };
    }, String, ({ id }) => id);
    expect(asked).toEqual([1000, 1000, 500]);
    expect(outcome.done).toHaveLength(1999);
    expect(outcome.done[0]).toEqual([0, { id: '0' }]);
    expect(outcome.refused[0]).toEqual({ item: 3, why: 'held' });
    expect(outcome.refused.slice(1).map(({ item }) => item)).toEqual(items.slice(2000));
    expect(outcome.refused.at(-1)!.why).toBe('nobody there');
  });
});
