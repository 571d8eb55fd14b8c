import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useSearchParams } from 'react-router-dom';
import { fileSetsOf, listedAt } from '../api/listAddress';
import { sheetOf } from '../api/lists';
import type { Node } from '../api/types';
import { useList } from '../api/useList';
import { AddButton } from '../deposit/AddButton';
import { Empty } from '../projects/Empty';
import { useSelection } from '../selection/useSelection';
import { count, formatNumber } from '../shared/format';
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

/** What can be shown of a list by how it was read, as the hub names it. */
const SHOWS = [
  { value: '', label: 'Everything' },
  { value: 'pictures', label: 'With a picture' },
  { value: 'waiting', label: 'Not read so far' },
  { value: 'no_reader', label: 'No reader yet' },
  { value: 'failed', label: 'Reading failed' },
];

/** Everything below a node as a wall of pictures or a table. The address holds view, order and filter. */
export function FileSets({ node, hasChildren }: { node: Node; hasChildren: boolean }) {
  const [params, setParams] = useSearchParams();
  const view = params.get('view') === 'table' ? 'table' : 'wall';
  const { sort, filter, show } = listedAt(params);
  const isNarrowed = filter.trim() !== '' || show !== '';
  const { list, isOld, error, isBroken, retry } = useList(fileSetsOf(node.id, { sort, filter, show }));
  // How many there are without the filter.
  const whole = useQuery(sheetOf(fileSetsOf(node.id, { sort }), 0)).data?.total;
  const selection = useSelection(list);
  const isDetailed = params.get('details') === 'on';
  const set = (name: string, value: string | null) => setParams(() => {
    const old = new URLSearchParams(location.search);
    if (value) old.set(name, value);
    else old.delete(name);
    return old;
  }, { replace: true });

  const toggleDetails = () => set('details', isDetailed ? null : 'on');
  useKeys({ v: () => set('view', view === 'wall' ? 'table' : null), i: toggleDetails });

  if (!list) return error ? <ProblemView error={error} what="list of files" retry={retry} /> : <Waiting for="the files" />;
  if (whole === 0 && !isNarrowed) return <NothingHere node={node} hasChildren={hasChildren} />;
  // Beside the dataset that one looks at, or in the collection or project itself.
  const parent = node.kind === 'dataset' ? node.path?.at(-1) : node.kind === 'space' ? undefined : node;
  const newIn = parent ? { id: parent.id, name: parent.name } : null;
  return (
    <section aria-label="Files">
      <div className={classes.bar}>
        <FilterInput className={classes.filter} label="Filter by name, format or tag" placeholder="Filter by name, format or tag" value={filter} onChange={(value) => set('q', value || null)} />
        <span className={classes.count} role="status">{isNarrowed && !isOld ? `${formatNumber(list.total)} of ` : ''}{whole !== undefined && count(whole, 'file')}</span>
        <NativeSelect className={classes.choice} aria-label="Show" value={show} onChange={(e) => set('show', e.currentTarget.value || null)} data={SHOWS} />
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
      <div className={classes.list} data-old={(isOld && !error) || undefined} data-details={isDetailed || undefined}>
        <div className={classes.sets}>
          {error ? <p className={classes.none} role="alert">The list could not be fetched: {error.message} <Button size="compact-sm" variant="default" onClick={retry}>Try again</Button></p>
            : isBroken && <p className={classes.none} role="alert">A part of the list could not be fetched. <Button size="compact-sm" variant="default" onClick={retry}>Try again</Button></p>}
          {list.total === 0 && <p className={classes.none}>Nothing here matches{filter && ` “${filter}”`}. <Button size="compact-sm" variant="subtle" onClick={() => setParams({}, { replace: true })}>Show everything</Button></p>}
          {view === 'wall' ? <Wall list={list} selection={selection} showsDatasets={node.kind !== 'dataset'} /> : <Suspense fallback={<Waiting for="the table" />}><FileSetTable list={list} selection={selection} /></Suspense>}
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
