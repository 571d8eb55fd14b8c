import type { Node } from '../api/types';
import { count } from '../shared/format';

/** What lies directly in a node, in words and as one number. */
export function holdsOf({ counts }: Pick<Node, 'counts'>): { words: string; number: number } {
  if (!counts) return { words: '', number: 0 };
  const parts = [
    counts.collections > 0 && count(counts.collections, 'collection'),
    counts.datasets > 0 && count(counts.datasets, 'dataset'),
    counts.fileSets > 0 && count(counts.fileSets, 'file'),
  ].filter(Boolean);
  return { words: parts.length ? parts.join(', ') : 'empty', number: counts.collections + counts.datasets + counts.fileSets };
}
