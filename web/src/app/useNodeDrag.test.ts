import { describe, expect, it } from 'vitest';
import type { Node } from '../api/types';
import { takes } from './useNodeDrag';

const node = (id: string, kind: Node['kind'], parentId: string | null, capabilities: Node['capabilities'] = ['see', 'add', 'edit']) => ({ id, kind, parentId, capabilities }) as Node;

describe('dragging in the tree', () => {
  const dataset = node('d', 'dataset', 'p');
  it('takes a node into another project or collection', () => {
    expect(takes(node('q', 'project', null), [], dataset)).toBe(true);
    expect(takes(node('c', 'collection', 'p'), ['p'], dataset)).toBe(true);
  });
  it('does not take it where it is, into itself or beneath itself, or into what holds no nodes', () => {
    const collection = node('c', 'collection', 'p');
    expect(takes(node('p', 'project', null), [], dataset)).toBe(false);
    expect(takes(collection, ['p'], collection)).toBe(false);
    expect(takes(node('e', 'collection', 'c'), ['p', 'c'], collection)).toBe(false);
    expect(takes(node('e', 'dataset', 'q'), ['q'], dataset)).toBe(false);
    expect(takes(node('s', 'space', null), [], dataset)).toBe(false);
  });
  it('does not take it where one may not add', () => expect(takes(node('q', 'project', null, ['see', 'edit']), [], dataset)).toBe(false));
});
