import { lazy, Suspense, useCallback } from 'react';
import { useMe } from '../api/queries';
import type { FileSet, SearchField } from '../api/types';
import type { List } from '../api/useList';
import lists from '../files/FileSets.module.css';
import { Wall } from '../files/Wall';
import { useSelection } from '../selection/useSelection';
import { useKeys } from '../shared/keys';
import { Waiting } from '../shared/Waiting';
import { columnsOf, FOUND, isOrdered } from './fields';
import { mainMatch, Matched } from './Matched';
import { NothingFound } from './NothingFound';
import { flipped, orderOf } from './sort';
import type { SearchAddress } from './useSearchAddress';

const FileSetTable = lazy(() => import('../files/FileSetTable'));
const DetailsPane = lazy(() => import('../files/pane/DetailsPane'));
const SelectionBar = lazy(() => import('../selection/SelectionBar'));

interface Props {
  list: List;
  address: SearchAddress;
  fields: readonly SearchField[];
  /** Found by an earlier query. */
  isOld: boolean;
}

/** What was found, as pictures or as rows; several can be chosen and acted upon. */
export function Results({ list, address, fields, isOld }: Props) {
  const { view, columns, sort, isDetailed, set } = address;
  const me = useMe().data;
  const { total, at, hitOf } = list;
  const selection = useSelection(list);
  const toggleDetails = () => set('details', isDetailed ? null : 'on');
  useKeys({ v: () => set('view', view === 'wall' ? 'table' : null), i: toggleDetails });

  const note = useCallback((one: FileSet) => {
    const hit = hitOf(one.id);
    const match = hit && mainMatch(hit.matches);
    return match && match.field !== 'name' ? <Matched match={match} label={match.label} /> : (hit?.path.slice(0, -1).map(({ name }) => name).join(' › ') ?? '');
  }, [hitOf]);

  if (total === 0) return isOld ? null : <NothingFound query={address.query} fields={fields} refine={address.refine} />;
  // Where the first were not found by words, there is nothing to say of that.
  const shown = Array.from({ length: Math.min(total, 20) }, (_, i) => at(i)).some((set) => set && hitOf(set.id)?.matches.length) ? columns : columns.filter((name) => name !== FOUND);
  const order = { ...orderOf(sort), orders: (name: string) => fields.some((field) => field.name === name && isOrdered(field)), orderBy: (name: string) => set('sort', orderOf(sort).by === name ? flipped(sort) : name) };
  return (
    <section aria-label="Results">
      {selection.items.length > 0 && (
        <Suspense><SelectionBar selection={selection} may={(capability) => capability === 'download' || Boolean(me)} tagsOf={null} newIn={null} /></Suspense>
      )}
      <div className={lists.list} data-details={isDetailed || undefined}>
        <div className={lists.sets}>
          {view === 'wall' ? <Wall list={list} selection={selection} showsDatasets note={note} /> : (
            <Suspense fallback={<Waiting for="the table" />}><FileSetTable list={list} selection={selection} columns={columnsOf(shown, fields, hitOf)} order={order} /></Suspense>
          )}
        </div>
        {isDetailed && <Suspense><DetailsPane selection={selection} onClose={toggleDetails} /></Suspense>}
      </div>
    </section>
  );
}
