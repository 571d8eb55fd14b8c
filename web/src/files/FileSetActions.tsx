import { ActionIcon, Button, Menu } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { address, API } from '../api/client';
import type { FileSetDetail } from '../api/types';
import { moveFileSet, trashFileSet } from '../projects/changes';
import { usePageActions } from '../palette/pageActions';
import { Icon } from '../shared/Icon';
import { useKeys } from '../shared/keys';
import { sayProblem } from '../shared/toasts';
import classes from './FileSetActions.module.css';
import { readAgain } from './ReadAgain';

const PickNode = lazy(() => import('../projects/PickNode'));
const CompareDialog = lazy(() => import('../compare/CompareDialog'));

export const contentUrl = (fileId: string) => address(`${API}/files/${fileId}/content`);

export function FileSetActions({ set, previous, next }: { set: FileSetDetail; previous: string | null; next: string | null }) {
  const navigate = useNavigate();
  const [moving, setMoving] = useState(false);
  const [comparing, setComparing] = useState(false);
  const may = (capability: FileSetDetail['capabilities'][number]) => set.capabilities.includes(capability);
  const only = set.files.length === 1 ? set.files[0] : undefined;
  const download = () => {
    if (only && may('download')) location.assign(contentUrl(only.id));
  };
  useKeys({ d: download });
  const trash = async () => {
    try {
      await trashFileSet(set, () => navigate(`/nodes/${set.datasetId}`));
    } catch (error) {
      sayProblem(error);
    }
  };
  usePageActions([
    { label: 'Compare with…', run: () => setComparing(true) },
    ...(only && may('download') ? [{ label: 'Download', run: download, key: 'd' }] : []),
    ...(may('edit') ? [{ label: 'Move to another dataset…', run: () => setMoving(true) }, { label: 'Move to trash', run: () => void trash() }] : []),
    ...(may('run') ? [{ label: 'Read again', run: () => void readAgain(set) }] : []),
  ]);
  const step = (to: string | null, label: string, flip: boolean) => to
    ? <ActionIcon size={36} variant="default" aria-label={label} title={label} component={Link} to={`/file-sets/${to}`} replace className={flip ? classes.flip : undefined}><Icon name="chevron" /></ActionIcon>
    : null;
  return (
    <div className={classes.actions}>
      {step(previous, 'Previous', true)}
      {step(next, 'Next', false)}
      {may('download') && only && <Button component="a" href={contentUrl(only.id)} leftSection={<Icon name="download" />}>Download</Button>}
      <Menu>
        <Menu.Target><ActionIcon size={36} variant="default" aria-label={`More for ${set.name}`}><Icon name="more" /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setComparing(true)}>Compare with…</Menu.Item>
          {may('edit') && <Menu.Item onClick={() => setMoving(true)}>Move to…</Menu.Item>}
          {may('run') && <Menu.Item leftSection={<Icon name="retry" size={16} />} onClick={() => void readAgain(set)}>Read again</Menu.Item>}
          {may('edit') && <><Menu.Divider /><Menu.Item leftSection={<Icon name="trash" size={16} />} onClick={() => void trash()}>Move to trash</Menu.Item></>}
        </Menu.Dropdown>
      </Menu>
      {comparing && <Suspense><CompareDialog set={set} onClose={() => setComparing(false)} /></Suspense>}
      {moving && (
        <Suspense>
          <PickNode title={`Move ${set.name}`} action="Move here" onPick={(to) => moveFileSet(set, to)} onClose={() => setMoving(false)}
            accepts={(to) => to.kind === 'dataset' && to.id !== set.datasetId && to.capabilities.includes('add')} />
        </Suspense>
      )}
    </div>
  );
}
