import { expect, test } from 'vitest';
import type { Annotation } from '../api/types';
import { filtered } from './filtered';

const annotation = (label: string, tags: string[], note = '') => ({ kind: 'box', label, tags, note }) as unknown as Annotation;

test('every word is sought in label, tags, note and kind', () => {
  const items = [annotation('Precipitate', ['γ′']), annotation('pore', ['keyhole'], 'beside a precipitate'), annotation('', [])];
  expect(filtered(items, 'precip')).toEqual(items.slice(0, 2));
  expect(filtered(items, 'precip keyhole')).toEqual([items[1]]);
  expect(filtered(items, ' box ')).toEqual(items);
  expect(filtered(items, '')).toBe(items);
});
