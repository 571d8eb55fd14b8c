import { ActionIcon, Modal, NativeSelect } from '@mantine/core';
import { Link } from 'react-router-dom';
import { call } from '../api/client';
import { keys, nodesChanged, queryClient, setsChanged, useChildren, usePlacements } from '../api/queries';
import type { Node, Placement } from '../api/types';
import { ROLES, roleWords } from '../sharing/roles';
import share from '../sharing/ShareDialog.module.css';
import { Icon } from '../shared/Icon';
import { ProblemView } from '../shared/ProblemView';
import { say, sayProblem } from '../shared/toasts';
import { Waiting } from '../shared/Waiting';
import { KIND } from './changes';
import classes from './dialogs.module.css';

const PLACED = ROLES.slice(0, 3);

/** What a space shows, and what whoever sees the space may do there at most; each can be changed by those who manage it. */
export default function PlacementsDialog({ space, onClose }: { space: Node; onClose: () => void }) {
  const placements = usePlacements(space.id);
  const nodes = useChildren(space.id);
  const mayManage = ({ node }: Placement) => nodes.data?.find(({ id }) => id === node.id)?.capabilities.includes('manage') ?? false;
  const place = async ({ node }: Placement, json: object) => {
    await call(`/spaces/${space.id}/placements/${node.id}`, { method: 'PUT', json });
    await changed(space.id);
  };
  const change = (placement: Placement, role: string) => void place(placement, { role }).catch(sayProblem);
  const takeOut = async (placement: Placement) => {
    await call(`/spaces/${space.id}/placements/${placement.node.id}`, { method: 'DELETE' });
    await changed(space.id);
    const putBack = mayManage(placement) ? { label: 'Undo', run: () => void place(placement, { capabilities: placement.capabilities }).catch(sayProblem) } : undefined;
    say(`“${placement.node.name}” is no longer shown in “${space.name}”.`, putBack);
  };
  return (
    <Modal opened onClose={onClose} title={`What ${space.name} shows`} size="lg">
      <p className={classes.about}>All of it lives in projects. Whoever sees this space may do there what the space allows them, and at most what stands here: {PLACED.map(({ label, means }) => `${label.toLowerCase()}s ${means}`).join('; ')}.</p>
      {placements.isError ? <ProblemView error={placements.error} what="list" /> : !placements.data ? <Waiting for="the list" /> : placements.data.length === 0 ? (
        <p>Nothing yet. On the page of a project, collection or dataset, choose “Show in a space…” in its menu.</p>
      ) : (
        <ul className={share.grants}>
          {placements.data.map((placement) => (
            <li key={placement.node.id} className={share.grant}>
              <span className={share.who}>
                <Link to={`/nodes/${placement.node.id}`}>{placement.node.name}</Link>
                <small>{KIND[placement.node.kind]}</small>
              </span>
              {mayManage(placement) && space.capabilities.includes('add') && PLACED.some(({ name }) => name === placement.role)
                ? <NativeSelect aria-label={`At most, in ${placement.node.name}`} value={placement.role ?? ''} data={PLACED.map(({ name, label }) => ({ value: name, label }))} onChange={(event) => change(placement, event.currentTarget.value)} />
                : <span title={placement.capabilities.join(', ')}>{roleWords(placement.role, placement.capabilities)}</span>}
              {mayManage(placement) || space.capabilities.includes('manage')
                ? <ActionIcon aria-label={`Take ${placement.node.name} out of this space`} onClick={() => void takeOut(placement).catch(sayProblem)}><Icon name="close" size={16} /></ActionIcon> : <span />}
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}

async function changed(space: string): Promise<void> {
  nodesChanged();
  setsChanged();
  await queryClient.invalidateQueries({ queryKey: keys.placements(space) });
}
