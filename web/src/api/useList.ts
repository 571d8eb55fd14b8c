import { useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Span, wantedSheets } from '../shared/sheets';
import { type ListAddress, SHEET } from './listAddress';
import { partOf, type Sheet, sheetKey, sheetOf } from './lists';
import { queryClient } from './queries';
import type { FileSet, SearchHit } from './types';

/** A list as long as it is, of which only a part is here. */
export interface List {
  /** What it is a list of; another one with each order and filter. */
  key: string;
  total: number;
  /** The one at a place, where it is here. */
  at: (index: number) => FileSet | undefined;
  hitOf: (id: string) => SearchHit | undefined;
  /** What the hub says of all that was searched for. */
  found: Sheet['found'];
  /** Says which are in sight, so that they are fetched. */
  see: (first: number, last: number) => void;
  /** Those that are here, with their places. */
  known: () => IterableIterator<[number, FileSet]>;
  /** A part of it, fetched where it is not here. */
  part: (first: number, last: number) => Promise<FileSet[]>;
}

export interface ListState {
  /** Undefined until there is a first answer. */
  list: List | undefined;
  /** The list is of an earlier address: there is no answer yet for this one. */
  isOld: boolean;
  error: Error | null;
  /** What is in sight could not be fetched, though the beginning of the list could. */
  isBroken: boolean;
  retry: () => void;
}

/** Sheets are asked for so often at most: who drags the scroll bar through a long list passes hundreds between two of them. */
const PACE_MS = 60;
/** After so long at one place, its surroundings are fetched as well. */
const REST_MS = 200;

/** A list of the hub, of which the sheets around what is in sight are here. What was shown stays until there is an answer for another address. */
export function useList(asked: ListAddress): ListState {
  const beginning = useQuery(sheetOf(asked, 0));
  const [shown, setShown] = useState(asked);
  if (shown.path !== asked.path && beginning.data) setShown(asked);
  const [wanted, see] = useWanted(shown, () => queryClient.getQueryData<Sheet>(sheetKey(shown, 0))?.total ?? null);
  // The beginning is kept: it says how many there are now. The sheets that are no longer wanted give up their requests.
  const { sheets, total, isBroken } = useQueries({ queries: [...wanted.filter((number) => number !== 0), 0].map((number) => sheetOf(shown, number)), combine });
  // Of the whole list, so that what asks for one stays the same function while sheets come and go.
  const hits = useMemo(() => new Map<string, SearchHit>(), [shown.path]);
  const hitOf = useCallback((id: string) => hits.get(id), [hits]);
  const list = useMemo((): List | undefined => {
    if (total === null) return undefined;
    const here = new Map<number, Sheet | undefined>();
    const sheet = (number: number) => {
      // Those that were looked at before may still be here.
      if (!here.has(number)) {
        const one = queryClient.getQueryData<Sheet>(sheetKey(shown, number));
        here.set(number, one);
        for (const [id, hit] of one?.hits ?? []) hits.set(id, hit);
      }
      return here.get(number);
    };
    return {
      key: shown.path,
      total,
      see,
      at: (index) => sheet(Math.floor(index / SHEET))?.items[index % SHEET],
      found: sheet(0)?.found ?? null,
      hitOf,
      *known() {
        for (const { queryKey, state } of queryClient.getQueryCache().findAll({ queryKey: sheetKey(shown, 0).slice(0, -1) })) {
          for (const [i, set] of (state.data as Sheet | undefined)?.items.entries() ?? []) yield [Number(queryKey.at(-1)) * SHEET + i, set];
        }
      },
      part: (first, last) => partOf(shown, first, last),
    };
  }, [shown, sheets, total, see, hits, hitOf]);
  const retry = useCallback(() => void queryClient.refetchQueries({ queryKey: sheetKey(asked, 0).slice(0, -1), type: 'active', predicate: ({ state }) => state.status === 'error' }), [asked.of, asked.path]);
  return { list, isOld: shown.path !== asked.path, error: beginning.error, isBroken, retry };
}

type Result = { data: Sheet | undefined; dataUpdatedAt: number; isError: boolean };

/** What is here of a list. A class, which the query library takes as it is: comparing hundreds of files with what they were, for every sheet that comes, would cost frames. */
class Here {
  constructor(readonly sheets: readonly Sheet[], readonly total: number | null, readonly isBroken: boolean) {}
}

function combine(results: Result[]): Here {
  const sheets = results.filter(({ data }) => data).sort((a, b) => b.dataUpdatedAt - a.dataUpdatedAt).map(({ data }) => data!);
  const total = sheets.find(({ isExact }) => isExact)?.total ?? (sheets.length ? Math.max(...sheets.map((sheet) => sheet.total)) : null);
  return new Here(sheets, total, results.some(({ isError, data }) => isError && !data));
}

/** Numbers of the sheets to have, and how to say what is in sight. */
function useWanted({ path }: ListAddress, totalOf: () => number | null): [readonly number[], List['see']] {
  const [wanted, setWanted] = useState<{ path: string; numbers: readonly number[] }>({ path, numbers: [0] });
  const total = useRef(totalOf);
  useEffect(() => {
    total.current = totalOf;
  });
  const watch = useMemo(() => {
    let sight: Span = { first: 0, last: 1 };
    let before: Span | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let toldAt = -Infinity;
    const tell = () => {
      const numbers = wantedSheets(sight, before, total.current(), SHEET);
      const rests = before?.first === sight.first;
      before = sight;
      toldAt = performance.now();
      setWanted((old) => (old.path === path && old.numbers.join() === numbers.join() ? old : { path, numbers }));
      if (!rests) timer = setTimeout(tell, REST_MS);
    };
    return {
      see: (first: number, last: number) => {
        if (first === sight.first && last === sight.last) return;
        sight = { first, last };
        clearTimeout(timer);
        const wait = toldAt + PACE_MS - performance.now();
        if (wait > 0) timer = setTimeout(tell, wait);
        else tell();
      },
      end: () => clearTimeout(timer),
    };
  }, [path]);
  useEffect(() => watch.end, [watch]);
  return [wanted.path === path ? wanted.numbers : [0], watch.see];
}
