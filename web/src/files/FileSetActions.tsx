import { ActionIcon, Button, Menu } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { address, API, call } from '../api/client';
import { keys, queryClient } from '../api/queries';
import type { FileSetDetail } from '../api/types';
import { moveFileSet, trashFileSet } from '../projects/changes';
import { usePageActions } from '../palette/pageActions';
import { Icon } from '../shared/Icon';
import { useKeys } from '../shared/keys';
import { say, sayProblem } from '../shared/toasts';
import classes from './FileSetActions.module.css';

const PickNode = lazy(() => import('../projects/PickNode'));

export const contentUrl = (fileId: string) => address(`${API}/files/${fileId}/content`);

export function FileSetActions({ set, previous, next }: { set: FileSetDetail; previous: string | null; next: string | null }) {
  const navigate = useNavigate();
  const [moving, setMoving] = useState(false);
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
  const readAgain = async () => {
    try {
      await call(`/file-sets/${set.id}/extract`, { method: 'POST' });
      await queryClient.invalidateQueries({ queryKey: keys.fileSet(set.id) });
      say('It will be read again as soon as a worker is free.');
    } catch (error) {
      sayProblem(error);
    }
  };
  usePageActions([
    ...(only && may('download') ? [{ label: 'Download', run: download, key: 'd' }] : []),
    ...(may('edit') ? [{ label: 'Move to another dataset…', run: () => setMoving(true) }, { label: 'Move to trash', run: () => void trash() }] : []),
    ...(may('run') ? [{ label: 'Read again', run: () => void readAgain() }] : []),
  ]);
  const step = (to: string | null, label: string, flip: boolean) => to
    ? <ActionIcon size={36} variant="default" aria-label={label} title={label} component={Link} to={`/file-sets/${to}`} replace className={flip ? classes.flip : undefined}><Icon name="chevron" /></ActionIcon>
    : null;
  return (
    <div className={classes.actions}>
      {step(previous, 'Previous', true)}
      {step(next, 'Next', false)}
      {may('download') && only && <Button component="a" href={contentUrl(only.id)} leftSection={<Icon name="download" />}>Download</Button>}
      {(may('edit') || may('run')) && (
        <Menu>
          <Menu.Target><ActionIcon size={36} variant="default" aria-label={`More for ${set.name}`}><Icon name="more" /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            {may('edit') && <Menu.Item onClick={() => setMoving(true)}>Move to…</Menu.Item>}
            {may('run') && <Menu.Item leftSection={<Icon name="retry" size={16} />} onClick={() => void readAgain()}>Read again</Menu.Item>}
            {may('edit') && <><Menu.Divider /><Menu.Item leftSection={<Icon name="trash" size={16} />} onClick={() => void trash()}>Move to trash</Menu.Item></>}
          </Menu.Dropdown>
        </Menu>
      )}
      {moving && (
        <Suspense>
          <PickNode title={`Move ${set.name}`} action="Move here" onPick={(to) => moveFileSet(set, to)} onClose={() => setMoving(false)}
            accepts={(to) => to.kind === 'dataset' && to.id !== set.datasetId && to.capabilities.includes('add')} />
        </Suspense>
      )}
    </div>
  );
}
