import { describe, expect, it } from 'vitest';
import { tagsAfter, withEach } from './bulk';

describe('acting upon many', () => {
  it('adds and takes away tags, and says where nothing changes', () => {
    expect(tagsAfter(['a', 'b'], ['c'], ['a'])).toEqual(['b', 'c']);
    expect(tagsAfter(['a'], ['a'], [])).toBeNull();
    expect(tagsAfter(['a'], [], ['b'])).toBeNull();
    expect(tagsAfter(['a'], [], ['a'])).toEqual([]);
    expect(tagsAfter(['a'], ['b'], ['a'])).toEqual(['b']);
  });

  it('does each once, a few at a time, and one refusal does not keep the others', async () => {
    let now = 0;
    let most = 0;
    const outcome = await withEach('Trying', [1, 2, 3, 4, 5, 6, 7, 8, 9], async (n) => {
      most = Math.max(most, ++now);
      await new Promise((done) => setTimeout(done));
      now--;
      if (n === 3) throw new Error('held');
      return n * 10;
    });
    expect(outcome.done.map(([, result]) => result).sort((a, b) => a - b)).toEqual([10, 20, 40, 50, 60, 70, 80, 90]);
    expect(outcome.refused).toEqual([{ item: 3, why: 'held' }]);
    expect(most).toBe(4);
  });
});
