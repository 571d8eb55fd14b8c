import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import { type ListAddress, partAddress, SHEET } from './listAddress';
import { keys, queryClient } from './queries';
import type { FileSet, SearchHit, SearchPage } from './types';

/** The most that the hub gives at once. */
const MOST = 1000;

/** What a list holds from one place on. */
export interface Sheet {
  items: readonly FileSet[];
  /** How many the whole list has, exactly or about. */
  total: number;
  isExact: boolean;
  /** In a list that was searched for, what was found of each, and what is said of all. */
  hits: ReadonlyMap<string, SearchHit>;
  found: Omit<SearchPage, 'items'> | null;
}

/** How the hub answers: with file sets, or with what was found of them. */
type Answer = { items: FileSet[]; total: number | null; next: string | null } | SearchPage;

const isSearch = (answer: Answer): answer is SearchPage => 'places' in answer;

async function read(list: ListAddress, offset: number, limit: number, signal?: AbortSignal): Promise<Sheet> {
  const answer = await call<Answer>(partAddress(list, offset, limit), signal ? { signal } : {});
  const { next, total } = answer;
  const end = offset + answer.items.length;
  if (!isSearch(answer)) return { items: answer.items, total: total ?? end, isExact: true, hits: new Map(), found: null };
  const { items, ...found } = answer;
  return {
    items: items.map(({ file }) => file),
    // The end is known where it is seen. An estimate that falls short of it grows as one comes there.
    total: total ?? (next === null ? end : Math.max(answer.about ?? 0, end + SHEET)),
    isExact: total !== null || (next === null && items.length > 0),
    hits: new Map(items.map((hit) => [hit.file.id, hit])),
    found,
  };
}

export const sheetKey = (list: ListAddress, number: number) => [...keys.fileSets(list.of), list.path, number] as const;

export const sheetOf = (list: ListAddress, number: number) => queryOptions({ queryKey: sheetKey(list, number), queryFn: ({ signal }) => read(list, number * SHEET, SHEET, signal) });

/** The part of a list from one place to another, past the last. */
export async function partOf(list: ListAddress, first: number, last: number): Promise<FileSet[]> {
  const items: FileSet[] = [];
  while (first + items.length < last) {
    const { items: more } = await read(list, first + items.length, Math.min(MOST, last - first - items.length));
    if (!more.length) break;
    items.push(...more);
  }
  return items;
}

/** Where a file set is in the lists that are known, the one that was looked at last first. */
export function placeOf(id: string): { list: ListAddress; index: number } | null {
  const sheets = queryClient.getQueryCache().findAll({ queryKey: keys.fileSets() }).sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  for (const { queryKey, state } of sheets) {
    const at = (state.data as Sheet | undefined)?.items.findIndex((set) => set.id === id) ?? -1;
    const [, of, path, number] = queryKey as [string, string, string, number];
    if (at >= 0) return { list: { of, path }, index: number * SHEET + at };
  }
  return null;
}
