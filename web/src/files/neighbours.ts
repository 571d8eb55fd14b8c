import { type FileSetPages, keys, queryClient } from '../api/queries';

/** The file sets before and after one in the list that was looked at last. */
export function neighbours(id: string): { previous: string | null; next: string | null } {
  const lists = queryClient.getQueryCache().findAll({ queryKey: keys.fileSets() }).sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  for (const list of lists) {
    const ids = (list.state.data as FileSetPages | undefined)?.pages.flatMap(({ items }) => items.map((set) => set.id)) ?? [];
    const at = ids.indexOf(id);
    if (at >= 0) return { previous: ids[at - 1] ?? null, next: ids[at + 1] ?? null };
  }
  return { previous: null, next: null };
}
