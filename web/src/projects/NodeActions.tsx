import { ActionIcon, Button, Menu } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { nodesChanged, useMe } from '../api/queries';
import type { Node } from '../api/types';
import { AddButton } from '../deposit/AddButton';
import { type PageAction, usePageActions } from '../palette/pageActions';
import { Icon } from '../shared/Icon';
import { sayProblem } from '../shared/toasts';
import { createChild, moveNode, trashNode } from './changes';
import { NameDialog } from './NameDialog';
import classes from './NodeActions.module.css';

const ShareDialog = lazy(() => import('../sharing/ShareDialog'));
const HistoryDialog = lazy(() => import('./HistoryDialog'));
const PickNode = lazy(() => import('./PickNode'));
const PlaceDialog = lazy(() => import('./PlaceDialog'));
const SidecarsDialog = lazy(() => import('../sidecars/SidecarsDialog'));
const PlacementsDialog = lazy(() => import('./PlacementsDialog'));

type Open = 'collection' | 'dataset' | 'share' | 'move' | 'place' | 'placements' | 'sidecars' | 'history' | null;

/** What may be done with a node; what the actor may not do is not offered. */
export function NodeActions({ node, rename, describe }: { node: Node; rename: () => void; describe: () => void }) {
  const [open, setOpen] = useState<Open>(null);
  const navigate = useNavigate();
  const me = useMe().data;
  const may = (capability: Node['capabilities'][number]) => node.capabilities.includes(capability);
  const isRoot = node.kind === 'project' || node.kind === 'space';
  const holdsNodes = node.kind === 'project' || node.kind === 'collection';
  const close = () => setOpen(null);
  const trash = async () => {
    try {
      await trashNode(node, () => navigate(node.parentId ? `/nodes/${node.parentId}` : '/'));
    } catch (error) {
      sayProblem(error);
    }
  };
  const actions: (PageAction | false)[] = [
    may('add') && holdsNodes && { label: 'New dataset…', run: () => setOpen('dataset') },
    may('add') && holdsNodes && { label: 'New collection…', run: () => setOpen('collection') },
    may('edit') && { label: 'Rename', run: rename, key: 'F2' },
    may('edit') && { label: 'Describe', run: describe, key: 'e' },
    Boolean(me) && may('see') && { label: may('manage') ? 'Share…' : 'Who has access', run: () => setOpen('share') },
    may('edit') && !isRoot && { label: 'Move to…', run: () => setOpen('move') },
    may('manage') && node.kind !== 'space' && { label: 'Show in a space…', run: () => setOpen('place') },
    may('manage') && node.kind === 'project' && { label: 'Texts beside files…', run: () => setOpen('sidecars') },
    node.kind === 'space' && { label: 'What it shows…', run: () => setOpen('placements') },
    { label: 'History', run: () => setOpen('history') },
    may(isRoot ? 'manage' : 'edit') && { label: 'Move to trash', run: () => void trash() },
  ];
  usePageActions(actions.filter((action) => action !== false));
  return (
    <div className={classes.actions}>
      {may('add') && node.kind !== 'space' && <AddButton />}
      {may('add') && holdsNodes && (
        <Menu>
          <Menu.Target><Button variant="default" leftSection={<Icon name="plus" />}>New</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Icon name="dataset" size={16} />} onClick={() => setOpen('dataset')}>Dataset</Menu.Item>
            <Menu.Item leftSection={<Icon name="collection" size={16} />} onClick={() => setOpen('collection')}>Collection</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {me && node.kind === 'space' && <Button variant="default" onClick={() => setOpen('placements')}>What it shows</Button>}
      {me && may('see') && <Button variant="default" leftSection={<Icon name="share" />} onClick={() => setOpen('share')}>{may('manage') ? 'Share' : 'Who has access'}</Button>}
      {may('see') && (
        <Menu>
          <Menu.Target><ActionIcon size={36} variant="default" aria-label={`More for ${node.name}`}><Icon name="more" /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            {may('edit') && <Menu.Item onClick={rename} rightSection={<kbd>F2</kbd>}>Rename</Menu.Item>}
            {may('edit') && <Menu.Item onClick={describe} rightSection={<kbd>e</kbd>}>Describe</Menu.Item>}
            {may('edit') && !isRoot && <Menu.Item onClick={() => setOpen('move')}>Move to…</Menu.Item>}
            {may('manage') && node.kind !== 'space' && <Menu.Item onClick={() => setOpen('place')}>Show in a space…</Menu.Item>}
            {may('manage') && node.kind === 'project' && <Menu.Item onClick={() => setOpen('sidecars')}>Texts beside files…</Menu.Item>}
            <Menu.Item onClick={() => setOpen('history')}>History</Menu.Item>
            {may(isRoot ? 'manage' : 'edit') && <Menu.Divider />}
            {may(isRoot ? 'manage' : 'edit') && <Menu.Item leftSection={<Icon name="trash" size={16} />} onClick={() => void trash()}>Move to trash</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      {(open === 'collection' || open === 'dataset') && (
        <NameDialog
          title={`New ${open} in ${node.name}`}
          about={open === 'dataset' ? 'A dataset holds the files of one condition or question.' : 'A collection holds datasets and other collections.'}
          action={`Make the ${open}`}
          onSubmit={async (name) => {
            const made = await createChild(node.id, open, name);
            nodesChanged();
            await navigate(`/nodes/${made.id}`);
          }}
          onClose={close}
        />
      )}
      <Suspense>
        {open === 'history' && <HistoryDialog node={node} onClose={close} />}
        {open === 'sidecars' && <SidecarsDialog node={node} onClose={close} />}
        {open === 'placements' && <PlacementsDialog space={node} onClose={close} />}
        {open === 'place' && <PlaceDialog node={node} onClose={close} />}
        {open === 'move' && (
          <PickNode title={`Move ${node.name}`} action="Move here" leaveOut={node.id} onPick={(to) => moveNode(node, to)} onClose={close}
            accepts={(to) => to.kind !== 'dataset' && to.id !== node.parentId && to.capabilities.includes('add')} />
        )}
        {open === 'share' && <ShareDialog node={node} onClose={close} />}
      </Suspense>
    </div>
  );
}
