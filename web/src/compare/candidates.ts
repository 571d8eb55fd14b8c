import { type FileSetPages, keys, queryClient } from '../api/queries';
import type { FileSet, FileSetDetail } from '../api/types';

/** Files that were opened in this page, those looked at last first. */
export function openedFiles(): FileSet[] {
  return queryClient.getQueryCache().findAll({ queryKey: ['fileSet'] })
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
    .flatMap(({ state }) => (state.data as FileSetDetail | undefined) ?? []);
}

/** Lists that were looked at and hold a file, and so its neighbours. */
export function neighbouringFiles(id: string): FileSet[] {
  return queryClient.getQueryCache().findAll({ queryKey: keys.fileSets() })
    .map(({ state }) => (state.data as FileSetPages | undefined)?.pages.flatMap(({ items }) => items) ?? [])
    .find((list) => list.some((set) => set.id === id)) ?? [];
}

/** Several lists as one: each file once, without one of them, and only what holds every word. */
export function candidates(lists: FileSet[][], without: string, words: string[]): FileSet[] {
  const found = new Map<string, FileSet>();
  for (const set of lists.flat()) {
    const text = `${set.name} ${set.formatName ?? ''}`.toLowerCase();
    if (set.id !== without && !found.has(set.id) && words.every((word) => text.includes(word))) found.set(set.id, set);
  }
  return [...found.values()];
}
