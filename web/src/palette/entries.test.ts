import { describe, expect, it } from 'vitest';
import type { Node } from '../api/types';
import { type Entry, placesOf, ranked } from './entries';

const entry = (label: string, nearness = 0): Entry => ({ id: label, label, nearness, run: () => {} });
const node = (id: string, name: string, parentId: string | null) => ({ id, name, parentId, kind: parentId ? 'dataset' : 'project', createdBy: { id: 'o', name: 'Olga' } }) as Node;

describe('palette entries', () => {
  it('puts the nearest first where nothing is asked for', () => {
    expect(ranked('', [entry('Trash'), entry('Rename', 2.5)]).map(({ label }) => label)).toEqual(['Rename', 'Trash']);
  });

  it('leaves out what does not match, and prefers the better match to the nearer', () => {
    expect(ranked('trash', [entry('Move to trash', 2.5), entry('Trash'), entry('Rename', 2.5)]).map(({ label }) => label)).toEqual(['Trash', 'Move to trash']);
  });

  it('lists a place once, and says what it lies in or whose it is', () => {
    const gone: string[] = [];
    const places = placesOf([{ id: 'd', kind: 'dataset', name: 'Day 1', within: 'Steel', at: 1 }], [node('p', 'Steel', null), node('d', 'Day 1', 'p')], (to) => gone.push(to));
    expect(places.map(({ label, detail }) => [label, detail])).toEqual([['Steel', 'project by Olga'], ['Day 1', 'Steel']]);
    places.forEach(({ run }) => run());
    expect(gone).toEqual(['/nodes/p', '/nodes/d']);
  });
});
