import type { Annotation } from '../api/types';
import { nameOf } from './tools';

/** Those that have every word in their label, tags, note or kind; in their order. */
export function filtered(items: readonly Annotation[], filter: string): readonly Annotation[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return items;
  return items.filter(({ label, tags, note, kind }) => {
    const text = [label, ...tags, note, nameOf(kind)].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
