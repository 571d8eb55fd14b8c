import { SHEET } from '../api/listAddress';
import { placeOf, type Sheet, sheetKey } from '../api/lists';
import { queryClient } from '../api/queries';
import type { FileSet, FileSetDetail } from '../api/types';

/** Files that were opened in this page, those looked at last first. */
export function openedFiles(): FileSet[] {
  return queryClient.getQueryCache().findAll({ queryKey: ['fileSet'] })
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
    .flatMap(({ state }) => (state.data as FileSetDetail | undefined) ?? []);
}

/** Its neighbours in the list that was looked at last, as far as they are here. */
export function neighbouringFiles(id: string): FileSet[] {
  const place = placeOf(id);
  if (!place) return [];
  const number = Math.floor(place.index / SHEET);
  return [number, number + 1, number - 1].flatMap((one) => queryClient.getQueryData<Sheet>(sheetKey(place.list, one))?.items ?? []);
}

/** Several lists as one: each file once, without one of them, and only what holds every word. */
export function candidates(lists: readonly (readonly FileSet[])[], without: string, words: string[]): FileSet[] {
  const found = new Map<string, FileSet>();
  for (const set of lists.flat()) {
    const text = `${set.name} ${set.formatName ?? ''}`.toLowerCase();
    if (set.id !== without && !found.has(set.id) && words.every((word) => text.includes(word))) found.set(set.id, set);
  }
  return [...found.values()];
}
