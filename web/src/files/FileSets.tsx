import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { lazy, Suspense, useDeferredValue, useEffect, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { type Sort, useFileSets } from '../api/queries';
import type { FileSet, Node } from '../api/types';
import { AddButton } from '../deposit/AddButton';
import { Empty } from '../projects/Empty';
import { useSelection } from '../selection/useSelection';
import { count } from '../shared/format';
import { FilterInput } from '../shared/FilterInput';
import { Icon } from '../shared/Icon';
import { useKeys } from '../shared/keys';
import { ProblemView } from '../shared/ProblemView';
import { Waiting } from '../shared/Waiting';
import classes from './FileSets.module.css';
import { Wall } from './Wall';

const FileSetTable = lazy(() => import('./FileSetTable'));
const DetailsPane = lazy(() => import('./pane/DetailsPane'));
const SelectionBar = lazy(() => import('../selection/SelectionBar'));

/** What can be shown of a list by how it was read. */
const SHOWS: { value: string; label: string; has: (set: FileSet) => boolean }[] = [
  { value: '', label: 'Everything', has: () => true },
  { value: 'pictures', label: 'With a picture', has: (set) => set.thumbnail !== null },
  { value: 'waiting', label: 'Not read so far', has: (set) => set.reading === 'waiting' || set.reading === 'reading' },
  { value: 'no_reader', label: 'No reader yet', has: (set) => set.reading === 'no_reader' },
  { value: 'failed', label: 'Reading failed', has: (set) => set.reading === 'failed' },
];

/** Everything below a node as a wall of pictures or a table. The address holds view, order and filter. */
export function FileSets({ node, hasChildren }: { node: Node; hasChildren: boolean }) {
  const [params, setParams] = useSearchParams();
  const view = params.get('view') === 'table' ? 'table' : 'wall';
  const sort: Sort = params.get('sort') === 'name' ? 'name' : '-created';
  const filter = params.get('q') ?? '';
  const show = SHOWS.find(({ value }) => value === params.get('show')) ?? SHOWS[0]!;
  const deferred = useDeferredValue(filter);
  const words = useMemo(() => deferred.toLowerCase().split(/\s+/).filter(Boolean), [deferred]);
  const sets = useFileSets(node.id, node.kind, sort);
  const loaded = useMemo(() => sets.data?.pages.flatMap(({ items }) => items) ?? [], [sets.data]);
  const isNarrowed = words.length > 0 || show !== SHOWS[0];
  const shown = useMemo(
    () => (isNarrowed ? loaded.filter((set) => show.has(set) && words.every((word) => `${set.name} ${set.formatName ?? ''} ${set.tags.join(' ')}`.toLowerCase().includes(word))) : loaded),
    [loaded, isNarrowed, show, words],
  );
  const selection = useSelection(shown);
  const isDetailed = params.get('details') === 'on';
  const set = (name: string, value: string | null) => setParams(() => {
    const old = new URLSearchParams(location.search);
    if (value) old.set(name, value);
    else old.delete(name);
    return old;
  }, { replace: true });

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = sets;
  useEffect(() => {
    // A filter must see every name, so the rest of the list is fetched while one is set.
    if (isNarrowed && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isNarrowed, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const toggleDetails = () => set('details', isDetailed ? null : 'on');
  useKeys({ v: () => set('view', view === 'wall' ? 'table' : null), i: toggleDetails });

  if (sets.isError) return <ProblemView error={sets.error} what="list of files" retry={() => void sets.refetch()} />;
  if (!sets.data) return <Waiting for="the files" />;
  if (!loaded.length) return <NothingHere node={node} hasChildren={hasChildren} />;
  // Beside the dataset that one looks at, or in the collection or project itself.
  const parent = node.kind === 'dataset' ? node.path?.at(-1) : node.kind === 'space' ? undefined : node;
  const newIn = parent ? { id: parent.id, name: parent.name } : null;
  // A dataset counts its own; what lies below other nodes is counted as it comes.
  const total = hasNextPage ? (node.kind === 'dataset' && node.counts ? node.counts.fileSets : null) : loaded.length;
  const more = () => hasNextPage && !isFetchingNextPage && void fetchNextPage();
  return (
    <section aria-label="Files">
      <div className={classes.bar}>
        <FilterInput className={classes.filter} label="Filter by name, format or tag" placeholder="Filter by name, format or tag" value={filter} onChange={(value) => set('q', value || null)} />
        <span className={classes.count} role="status">{isNarrowed ? `${shown.length.toLocaleString('en-US')} of ` : ''}{total === null ? `${count(loaded.length, 'file')} so far` : count(total, 'file')}</span>
        <NativeSelect className={classes.choice} aria-label="Show" value={show.value} onChange={(e) => set('show', e.currentTarget.value || null)} data={SHOWS.map(({ value, label }) => ({ value, label }))} />
        <NativeSelect className={classes.choice} aria-label="Order" value={sort} onChange={(e) => set('sort', e.currentTarget.value === 'name' ? 'name' : null)} data={[{ value: '-created', label: 'Newest first' }, { value: 'name', label: 'By name' }]} />
        <ActionIcon.Group className={classes.views}>
          <ActionIcon size={36} variant="default" aria-label="Picture wall" aria-pressed={view === 'wall'} className={classes.view} onClick={() => set('view', null)}><Icon name="wall" /></ActionIcon>
          <ActionIcon size={36} variant="default" aria-label="Table" aria-pressed={view === 'table'} className={classes.view} onClick={() => set('view', 'table')}><Icon name="table" /></ActionIcon>
        </ActionIcon.Group>
        <ActionIcon size={36} variant="default" aria-label="Details" title="Details (i)" aria-pressed={isDetailed} className={classes.view} onClick={toggleDetails}><Icon name="info" /></ActionIcon>
      </div>
      {selection.items.length > 0 && (
        <Suspense>
          <SelectionBar selection={selection} may={(capability) => node.capabilities.includes(capability)} tagsOf={node.path?.[0]?.id ?? node.id} newIn={newIn} />
        </Suspense>
      )}
      <div className={classes.list} data-details={isDetailed || undefined}>
        <div className={classes.sets}>
          {shown.length === 0 && <p className={classes.none}>{hasNextPage ? 'Looking through the rest of the list…' : <>Nothing here matches{filter && ` “${filter}”`}. <Button size="compact-sm" variant="subtle" onClick={() => setParams({}, { replace: true })}>Show everything</Button></>}</p>}
          {view === 'wall' ? <Wall sets={shown} onEnd={more} selection={selection} showsDatasets={node.kind !== 'dataset'} /> : <Suspense fallback={<Waiting for="the table" />}><FileSetTable sets={shown} onEnd={more} selection={selection} /></Suspense>}
        </div>
        {isDetailed && <Suspense><DetailsPane selection={selection} onClose={toggleDetails} /></Suspense>}
      </div>
    </section>
  );
}

function NothingHere({ node, hasChildren }: { node: Node; hasChildren: boolean }) {
  if (node.kind === 'space') return <Empty title="Nothing is placed here yet">A space shows collections and datasets of other projects. Place one here from its own page.</Empty>;
  return (
    <Empty title={hasChildren ? 'No files yet' : `This ${node.kind} is empty`} action={node.capabilities.includes('add') ? <AddButton variant="default" /> : null}>
      {node.kind === 'dataset' ? 'Its files would be here as pictures.' : 'A folder dropped here becomes a dataset, with its files as pictures.'}{' '}
      {node.capabilities.includes('add') ? 'Drop files or whole folders anywhere on this page. Any kind of file is welcome.' : 'You may look here, but not add.'}
    </Empty>
  );
}
