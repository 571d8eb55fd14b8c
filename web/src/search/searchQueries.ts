import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { call } from '../api/client';
import { keys } from '../api/queries';
import type { FileSet, Page, SavedSearch, SearchFacets, SearchField, SearchHit, SearchPage, SearchSuggestion } from '../api/types';

const FIRST = 100;
const MORE = 500;

/** A page of a search: a list of file sets like any other, with what was found of each beside it. */
export type FoundPage = Omit<SearchPage, 'items'> & Page<FileSet> & { hits: ReadonlyMap<string, SearchHit> };

const searchFor = (query: string, more: string, signal?: AbortSignal) => call<SearchPage>(`/search?q=${encodeURIComponent(query)}${more}`, signal ? { signal } : {});

/** What a query finds, in pages. What was found before stays until there is an answer. */
export const useSearch = (query: string, sort: string) =>
  useInfiniteQuery({
    queryKey: [...keys.fileSets('search'), query, sort],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }): Promise<FoundPage> => {
      const { items, ...page } = await searchFor(query, `&sort=${encodeURIComponent(sort)}&limit=${pageParam ? MORE : FIRST}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, signal);
      return { ...page, items: items.map(({ file }) => file), hits: new Map(items.map((hit) => [hit.file.id, hit])) };
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** The first few that a query finds, while it is being typed. */
export const useFirstHits = (query: string, most: number) =>
  useQuery({ queryKey: ['firstHits', query], enabled: query.trim() !== '', placeholderData: keepPreviousData, queryFn: ({ signal }) => searchFor(query, `&limit=${most}`, signal) });

/** How many a query finds; exactly, or about. */
export const useSearchCount = (query: string) =>
  useQuery({ queryKey: keys.searchCount(query), staleTime: 60_000, queryFn: async ({ signal }) => {
    const { total, about } = await searchFor(query, '&limit=0', signal);
    return { total, about };
  } });

export const useFacets = (query: string) =>
  useQuery({ queryKey: keys.facets(query), placeholderData: keepPreviousData, queryFn: ({ signal }) => call<SearchFacets>(`/search/facets?q=${encodeURIComponent(query)}`, { signal }) });

/** Completions of a text at its caret, with the text that they are for. */
export const useSuggestions = (text: string, caret: number) =>
  useQuery({ queryKey: ['suggestions', text, caret], enabled: text.trim() !== '', placeholderData: keepPreviousData, queryFn: async ({ signal }) => (
    { text, list: await call<SearchSuggestion[]>(`/search/suggestions?q=${encodeURIComponent(text)}&caret=${caret}`, { signal }) }
  ) });

/** What may stand before a colon; it changes with the hub only. */
export const useSearchFields = () => useQuery({ queryKey: ['searchFields'], staleTime: Infinity, queryFn: ({ signal }) => call<SearchField[]>('/search/fields', { signal }) });

export const useSavedSearches = (enabled = true) =>
  useQuery({ queryKey: keys.savedSearches, enabled, queryFn: ({ signal }) => call<SavedSearch[]>('/saved-searches', { signal }) });
