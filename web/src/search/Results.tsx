import type { InfiniteData } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useMe } from '../api/queries';
import type { FileSet, SearchField } from '../api/types';
import lists from '../files/FileSets.module.css';
import { Wall } from '../files/Wall';
import { useSelection } from '../selection/useSelection';
import { useKeys } from '../shared/keys';
import { Waiting } from '../shared/Waiting';
import { columnsOf, FOUND, isOrdered } from './fields';
import { mainMatch, Matched } from './Matched';
import { NothingFound } from './NothingFound';
import type { FoundPage, useSearch } from './searchQueries';
import { flipped, orderOf } from './sort';
import type { SearchAddress } from './useSearchAddress';

const FileSetTable = lazy(() => import('../files/FileSetTable'));
const DetailsPane = lazy(() => import('../files/pane/DetailsPane'));
const SelectionBar = lazy(() => import('../selection/SelectionBar'));

interface Props {
  found: InfiniteData<FoundPage>;
  search: ReturnType<typeof useSearch>;
  address: SearchAddress;
  fields: readonly SearchField[];
  /** Found by an earlier query. */
  isOld: boolean;
}

/** What was found, as pictures or as rows; several can be chosen and acted upon. */
export function Results({ found, search, address, fields, isOld }: Props) {
  const { view, columns, sort, isDetailed, set } = address;
  const me = useMe().data;
  const sets = useMemo(() => found.pages.flatMap(({ items }) => items), [found]);
  const hitOf = useCallback((id: string) => found.pages.find(({ hits }) => hits.has(id))?.hits.get(id), [found]);
  const selection = useSelection(sets);
  const { hasNextPage, isFetching, fetchNextPage } = search;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const toggleDetails = () => set('details', isDetailed ? null : 'on');
  useKeys({ v: () => set('view', view === 'wall' ? 'table' : null), i: toggleDetails });

  if (sets.length === 0) return isOld ? null : <NothingFound query={address.query} fields={fields} refine={address.refine} />;
  // Where nothing was found by its words, there is nothing to say of that.
  const shown = found.pages.some(({ hits }) => [...hits.values()].some(({ matches }) => matches.length > 0)) ? columns : columns.filter((name) => name !== FOUND);
  const note = (one: FileSet) => {
    const hit = hitOf(one.id);
    const match = hit && mainMatch(hit.matches);
    return match && match.field !== 'name' ? <Matched match={match} label={match.label} /> : (hit?.path.slice(0, -1).map(({ name }) => name).join(' › ') ?? '');
  };
  const order = { ...orderOf(sort), orders: (name: string) => fields.some((field) => field.name === name && isOrdered(field)), orderBy: (name: string) => set('sort', orderOf(sort).by === name ? flipped(sort) : name) };
  return (
    <section aria-label="Results">
      {selection.items.length > 0 && (
        <Suspense><SelectionBar selection={selection} may={(capability) => capability === 'download' || Boolean(me)} tagsOf={null} newIn={null} /></Suspense>
      )}
      <div className={lists.list} data-details={isDetailed || undefined}>
        <div className={lists.sets}>
          {view === 'wall' ? <Wall sets={sets} onEnd={more} selection={selection} showsDatasets note={note} /> : (
            <Suspense fallback={<Waiting for="the table" />}><FileSetTable sets={sets} onEnd={more} selection={selection} columns={columnsOf(shown, fields, hitOf)} order={order} /></Suspense>
          )}
        </div>
        {isDetailed && <Suspense><DetailsPane selection={selection} onClose={toggleDetails} /></Suspense>}
      </div>
    </section>
  );
}
