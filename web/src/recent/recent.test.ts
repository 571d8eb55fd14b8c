import { describe, expect, it, vi } from 'vitest';
import { addressOf, listOf, parse, type Seen, withSeen } from './recent';

const seen = (id: string, name = id): Seen => ({ id, kind: 'dataset', name, within: 'Steel', at: 1 });

describe('recently seen', () => {
  it('puts the newest first and each once, with its newest name', () => {
    const list = [seen('a'), seen('b')].reduce<Seen[]>(withSeen, []);
    expect(withSeen(list, seen('a', 'renamed')).map(({ name }) => name)).toEqual(['renamed', 'b']);
  });

  it('keeps fifty', () => {
    const list = Array.from({ length: 60 }, (_, i) => seen(String(i))).reduce<Seen[]>(withSeen, []);
    expect(list).toHaveLength(50);
    expect(list[0]!.id).toBe('59');
    expect(list.at(-1)!.id).toBe('10');
  });

  it('begins anew where what was kept cannot be read', () => {
    expect(parse(null)).toEqual([]);
    expect(parse('{')).toEqual([]);
    expect(parse('{"a":1}')).toEqual([]);
    expect(parse('[null,{"id":"a","name":"A"},{"id":3}]')).toEqual([{ id: 'a', name: 'A' }]);
  });

  it('remembers nothing where the browser refuses to look', () => {
    vi.stubGlobal('localStorage', {
      getItem: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
    try {
      expect(listOf('anna')).toEqual([]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('leads to nodes and file sets', () => {
    expect(addressOf({ kind: 'fileSet', id: 'a' })).toBe('/file-sets/a');
    expect(addressOf({ kind: 'space', id: 'b' })).toBe('/nodes/b');
  });
});
