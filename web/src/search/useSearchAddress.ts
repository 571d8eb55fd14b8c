import { useCallback } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { RELEVANCE } from '../api/listAddress';
import { addressOfSearch, viewOf } from './address';

const DEFAULT_COLUMNS = ['found', 'in', 'format', 'instrument', 'date', 'size'];

export interface SearchAddress {
  query: string;
  /** Order as the hub names it. */
  sort: string;
  view: 'wall' | 'table';
  columns: readonly string[];
  isDetailed: boolean;
  /** Another query in the same view, in place of this one: narrowing down makes no history. */
  refine: (query: string) => void;
  set: (name: 'sort' | 'view' | 'columns' | 'details', value: string | null) => void;
}

/** A search lives in the address as a whole, so that a link is a saved search. */
export function useSearchAddress(): SearchAddress {
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  // The same as long as the page is: what is drawn by it need not be drawn anew with every sheet of results.
  const refine = useCallback((query: string) => void navigate(addressOfSearch(query, viewOf(location.search)), { replace: true, preventScrollReset: true }), [navigate]);
  const columns = params.get('columns');
  return {
    query: params.get('q') ?? '',
    sort: params.get('sort') ?? RELEVANCE,
    view: params.get('view') === 'table' ? 'table' : 'wall',
    columns: columns === null ? DEFAULT_COLUMNS : columns.split(',').filter(Boolean),
    isDetailed: params.get('details') === 'on',
    refine,
    set: (name, value) => setParams(() => {
      const old = new URLSearchParams(location.search);
      if (value === null) old.delete(name);
      else old.set(name, value);
      return old;
    }, { replace: true, preventScrollReset: true }),
  };
}
