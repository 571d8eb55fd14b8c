import type { SavedSearch } from '../api/types';

/** The rest of the address of a search: order, layout, columns. */
export function viewOf(search: string): string {
  const params = new URLSearchParams(search);
  params.delete('q');
  params.delete('details');
  return params.toString();
}

/** Where a query is shown, with the rest of an address. */
export const addressOfSearch = (query: string, view = '') => `/search?${new URLSearchParams({ q: query }).toString()}${view && `&${view}`}`;

export const addressOfSaved = ({ query, view }: Pick<SavedSearch, 'query' | 'view'>) => addressOfSearch(query, view);
