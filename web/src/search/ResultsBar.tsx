import { ActionIcon, Button, Checkbox, NativeSelect, Popover } from '@mantine/core';
import type { ReactNode } from 'react';
import { address, API } from '../api/client';
import type { SearchField } from '../api/types';
import { Icon } from '../shared/Icon';
import { columnChoices, exportFields, isOrdered } from './fields';
import classes from './ResultsBar.module.css';
import { flipped, orderOf } from './sort';
import type { SearchAddress } from './useSearchAddress';

interface Props {
  address: SearchAddress;
  fields: readonly SearchField[];
  count: ReactNode;
  /** Null where nobody is signed in, who could keep a search. */
  onSave: (() => void) | null;
  /** Null where the facets stand beside the results. */
  onFilter: (() => void) | null;
}

/** How many were found; how they are ordered and shown; what can be done with the search. */
export function ResultsBar({ address: { query, sort, view, columns, isDetailed, set }, fields, count, onSave, onFilter }: Props) {
  const { by, isDescending } = orderOf(sort);
  const canFlip = by !== 'relevance';
  const written = view === 'table' ? exportFields(columns) : [];
  const toggleColumn = (name: string) => set('columns', (columns.includes(name) ? columns.filter((other) => other !== name) : [...columns, name]).join(','));
  return (
    <div className={classes.bar}>
      {onFilter && <Button variant="default" leftSection={<Icon name="filter" />} onClick={onFilter}>Narrow down</Button>}
      <span className={classes.count} role="status">{count}</span>
      <NativeSelect aria-label="Order" className={classes.order} value={by} onChange={(event) => set('sort', event.currentTarget.value === 'relevance' ? null : event.currentTarget.value)}>
        <option value="relevance">Best match first</option>
        <option value="newest">Newest first</option>
        {fields.filter(isOrdered).map(({ name, label }) => <option key={name} value={name}>By {label.toLowerCase()}</option>)}
      </NativeSelect>
      <ActionIcon size={36} variant="default" disabled={!canFlip} aria-label={isDescending ? 'Descending; turn the order round' : 'Ascending; turn the order round'} title="Turn the order round" onClick={() => set('sort', flipped(sort))}><Icon name={isDescending ? 'down' : 'up'} /></ActionIcon>
      <ActionIcon.Group>
        <ActionIcon size={36} variant="default" aria-label="Picture wall" aria-pressed={view === 'wall'} className={classes.view} onClick={() => set('view', null)}><Icon name="wall" /></ActionIcon>
        <ActionIcon size={36} variant="default" aria-label="Table" aria-pressed={view === 'table'} className={classes.view} onClick={() => set('view', 'table')}><Icon name="table" /></ActionIcon>
      </ActionIcon.Group>
      {view === 'table' && (
        <Popover position="bottom-end" shadow="md" withinPortal trapFocus>
          <Popover.Target><Button variant="default">Columns</Button></Popover.Target>
          <Popover.Dropdown className={classes.columns} aria-label="Columns">
            {columnChoices(fields).map(({ name, label }) => <Checkbox key={name} label={label} checked={columns.includes(name)} onChange={() => toggleColumn(name)} />)}
          </Popover.Dropdown>
        </Popover>
      )}
      <ActionIcon size={36} variant="default" aria-label="Details" title="Details (i)" aria-pressed={isDetailed} className={`${classes.view} ${classes.wide}`} onClick={() => set('details', isDetailed ? null : 'on')}><Icon name="info" /></ActionIcon>
      {onSave && <ActionIcon size={36} variant="default" aria-label="Save this search" title="Save this search" onClick={onSave}><Icon name="bookmark" /></ActionIcon>}
      <Button component="a" variant="default" px={12} href={address(`${API}/search/export?q=${encodeURIComponent(query)}${written.length ? `&fields=${encodeURIComponent(written.join(','))}` : ''}`)} download title="All that was found, as a CSV table">CSV</Button>
    </div>
  );
}
