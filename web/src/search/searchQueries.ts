import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../api/client';
import { keys } from '../api/queries';
import type { SavedSearch, SearchFacets, SearchField, SearchPage, SearchSuggestion } from '../api/types';

const searchFor = (query: string, more: string, signal?: AbortSignal) => call<SearchPage>(`/search?q=${encodeURIComponent(query)}${more}`, signal ? { signal } : {});

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
