import { Alert, Button, Modal, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import { nodesChanged, useHomes } from '../api/queries';
import type { Node } from '../api/types';
import { ROLES } from '../sharing/roles';
import { say } from '../shared/toasts';
import { Waiting } from '../shared/Waiting';
import classes from './dialogs.module.css';

/** Shows a node in a space too, without copying it. Whoever sees the space then has at most the role chosen here. */
export default function PlaceDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  const spaces = useHomes('spaces');
  const mine = spaces.data?.filter((space) => space.capabilities.includes('add'));
  const [space, setSpace] = useState('');
  const [role, setRole] = useState('viewer');
  const place = useMutation({
    mutationFn: () => call(`/spaces/${space}/placements/${node.id}`, { method: 'PUT', json: { role } }),
    onSuccess: () => {
      nodesChanged();
      say(`“${node.name}” is now shown in “${mine?.find(({ id }) => id === space)?.name}”.`);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Show ${node.name} in a space`}>
      {!mine ? <Waiting for="your spaces" /> : mine.length === 0 ? <p className={classes.about}>There is no space that you may add to. Make one on the first page.</p> : (
        <form className={classes.form} onSubmit={(event) => { event.preventDefault(); place.mutate(); }}>
          <p className={classes.about}>It stays where it is; the space shows it too.</p>
          <NativeSelect label="Space" data-autofocus value={space} onChange={(e) => setSpace(e.currentTarget.value)} data={[{ value: '', label: 'Choose a space' }, ...mine.map(({ id, name }) => ({ value: id, label: name }))]} />
          <NativeSelect label="Who sees the space may, at most" value={role} onChange={(e) => setRole(e.currentTarget.value)} data={ROLES.slice(0, 3).map(({ name, means }) => ({ value: name, label: means }))} />
          {place.error && <Alert color="red" variant="light" role="alert">{place.error.message}</Alert>}
          <div className={classes.actions}>
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" disabled={!space} loading={place.isPending}>Show it there</Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
