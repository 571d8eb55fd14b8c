import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import { isByCursor, type ListAddress, SHEET, sheetAddress } from './listAddress';
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
  next: string | null;
  /** In a list that was searched for, what was found of each, and what is said of all. */
  hits: ReadonlyMap<string, SearchHit>;
  found: Omit<SearchPage, 'items'> | null;
}

/** How the hub answers: with file sets, or with what was found of them. */
type Answer = { items: FileSet[]; total: number | null; next: string | null } | SearchPage;

const isSearch = (answer: Answer): answer is SearchPage => 'places' in answer;

async function read(list: ListAddress, offset: number, limit: number, cursor: string | null, signal?: AbortSignal): Promise<Sheet> {
  const answer = await call<Answer>(`${sheetAddress(list, offset, limit)}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, signal ? { signal } : {});
  const { next, total } = answer;
  const end = offset + answer.items.length;
  const shared = {
    next,
    // The end is known where it is seen; until then there is more than was read.
    total: total ?? (next === null ? end : end + 3 * SHEET),
    isExact: total !== null || (next === null && answer.items.length > 0),
  };
  if (!isSearch(answer)) return { ...shared, items: answer.items, hits: new Map(), found: null };
  const { items, ...found } = answer;
  return { ...shared, items: items.map(({ file }) => file), hits: new Map(items.map((hit) => [hit.file.id, hit])), found };
}

export const sheetKey = (list: ListAddress, number: number) => [...keys.fileSets(list.of), list.path, number] as const;

const known = (list: ListAddress, number: number) => queryClient.fetchQuery({ ...sheetOf(list, number), staleTime: Infinity });

export const sheetOf = (list: ListAddress, number: number) => queryOptions({
  queryKey: sheetKey(list, number),
  queryFn: async ({ signal }): Promise<Sheet> => {
    const offset = number * SHEET;
    if (!isByCursor(list) || number === 0) return read(list, offset, SHEET, null, signal);
    const before = await known(list, number - 1);
    return before.next === null ? { ...before, items: [], hits: new Map() } : read(list, offset, SHEET, before.next, signal);
  },
});

/** The part of a list from one place to another, past the last. */
export async function partOf(list: ListAddress, first: number, last: number): Promise<FileSet[]> {
  const items: FileSet[] = [];
  while (first + items.length < last) {
    const from = first + items.length;
    const sheet = isByCursor(list) ? await known(list, Math.floor(from / SHEET)) : await read(list, from, Math.min(MOST, last - from), null);
    const more = isByCursor(list) ? sheet.items.slice(from % SHEET, (from % SHEET) + last - from) : sheet.items;
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
