import { ActionIcon, Button, Menu } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Node } from '../api/types';
import { NameDialog } from '../projects/NameDialog';
import { copyText } from '../shared/Copyable';
import { count, formatSize } from '../shared/format';
import { Icon } from '../shared/Icon';
import { say, sayProblem } from '../shared/toasts';
import { downloadZip, moveSets, moveToNewDataset, trashSets } from './bulk';
import classes from './SelectionBar.module.css';
import type { Selection } from './useSelection';

const PickNode = lazy(() => import('../projects/PickNode'));
const TagDialog = lazy(() => import('./TagDialog'));

interface Props {
  selection: Selection;
  /** Whether the hub will allow it; where the list is of many places, what is refused is told. */
  may: (capability: Node['capabilities'][number]) => boolean;
  /** Project, collection or dataset whose tags are proposed. */
  tagsOf: string | null;
  /** Where a new dataset is made; null where there is no such place. */
  newIn: { id: string; name: string } | null;
}

type Open = 'tags' | 'move' | 'new' | null;

/** What may be done with the file sets that are chosen. */
export default function SelectionBar({ selection, may, tagsOf, newIn }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const { items: sets, clear } = selection;
  const ids = sets.map(({ id }) => id);
  const words = count(sets.length, 'file');
  const size = formatSize(sets.reduce((sum, set) => sum + set.size, 0));
  const close = () => setOpen(null);
  const attempt = (action: Promise<unknown>) => void action.catch(sayProblem);
  const copy = () => attempt(copyText(ids.join('\n')).then(() => say(`Copied ${count(ids.length, 'id')}, one a line.`)));
  const home = sets.every(({ datasetId }) => datasetId === sets[0]?.datasetId) ? sets[0]?.datasetId : null;
  return (
    <div className={classes.bar} role="toolbar" aria-label="What is chosen">
      <ActionIcon size={36} aria-label="Choose nothing (Esc)" title="Choose nothing (Esc)" onClick={clear}><Icon name="close" /></ActionIcon>
      <span className={classes.count} role="status">{words}<span className={classes.size}> · {size}</span></span>
      {may('edit') && <Button variant="default" onClick={() => setOpen('tags')}>Tags…</Button>}
      {may('edit') && <Button variant="default" className={classes.wide} onClick={() => setOpen('move')}>Move to…</Button>}
      {may('download') && <Button variant="default" aria-label="Download as zip" leftSection={<Icon name="download" />} onClick={() => attempt(downloadZip(ids, size))}><span className={classes.wide}>Download</span></Button>}
      <Menu>
        <Menu.Target><ActionIcon size={36} variant="default" aria-label="More for what is chosen"><Icon name="more" /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {may('edit') && <Menu.Item onClick={() => setOpen('move')}>Move to another dataset…</Menu.Item>}
          {may('edit') && newIn && <Menu.Item onClick={() => setOpen('new')}>New dataset from these…</Menu.Item>}
          <Menu.Item leftSection={<Icon name="copy" size={16} />} onClick={copy}>Copy ids</Menu.Item>
          <Menu.Item onClick={selection.all}>Choose all of the list</Menu.Item>
          {may('edit') && <><Menu.Divider /><Menu.Item leftSection={<Icon name="trash" size={16} />} onClick={() => attempt(trashSets(sets))}>Move to trash</Menu.Item></>}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {open === 'tags' && <TagDialog sets={sets} tagsOf={tagsOf} onClose={close} />}
        {open === 'move' && (
          <PickNode title={`Move ${words}`} action="Move here" onClose={close} onPick={(to) => moveSets(sets, to)}
            accepts={(to) => to.kind === 'dataset' && to.id !== home && to.capabilities.includes('add')} />
        )}
      </Suspense>
      {open === 'new' && newIn && (
        <NameDialog title={`New dataset in ${newIn.name}`} about={`${words} will be moved into it.`} action="Make it and move them" onSubmit={(name) => moveToNewDataset(sets, newIn.id, name)} onClose={close} />
      )}
    </div>
  );
}
