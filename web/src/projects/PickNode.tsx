import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useChildren, useHomes, useNode } from '../api/queries';
import type { Node } from '../api/types';
import { Icon } from '../shared/Icon';
import { Waiting } from '../shared/Waiting';
import dialog from './dialogs.module.css';
import classes from './PickNode.module.css';

interface Props {
  title: string;
  action: string;
  /** Whether something can be put into this node. */
  accepts: (node: Node) => boolean;
  /** Not walked into: what is moved itself. */
  leaveOut?: string;
  onPick: (node: Node) => Promise<unknown>;
  onClose: () => void;
}

/** Walks the tree to a place and picks it. */
export default function PickNode({ title, action, accepts, leaveOut, onPick, onClose }: Props) {
  const [at, setAt] = useState<string | null>(null);
  const node = useNode(at ?? '', at !== null).data;
  const homes = useHomes('projects');
  const children = useChildren(at ?? '', at !== null);
  const list = (at === null ? homes.data : children.data)?.filter(({ id }) => id !== leaveOut);
  const pick = useMutation({ mutationFn: onPick, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={title}>
      <div className={classes.way}>
        <button type="button" onClick={() => setAt(null)}>Projects</button>
        {node?.path?.map(({ id, name }) => <button type="button" key={id} onClick={() => setAt(id)}>{name}</button>)}
        {node && <strong>{node.name}</strong>}
      </div>
      {!list ? <Waiting for="the list" /> : (
        <ul className={classes.list}>
          {list.map((child) => (
            <li key={child.id}><button type="button" onClick={() => setAt(child.id)}><Icon name={child.kind} size={16} /> {child.name}</button></li>
          ))}
          {list.length === 0 && <li className={classes.none}>{node?.kind === 'dataset' ? 'A dataset holds files only.' : 'There is nothing in it.'}</li>}
        </ul>
      )}
      {pick.error && <p role="alert" className={classes.problem}>{pick.error.message}</p>}
      <div className={dialog.actions}>
        <Button variant="default" onClick={onClose}>Cancel</Button>
        <Button disabled={!node || !accepts(node)} loading={pick.isPending} onClick={() => node && pick.mutate(node)}>{action}</Button>
      </div>
    </Modal>
  );
}
