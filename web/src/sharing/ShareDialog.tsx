import { Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { call } from '../api/client';
import { keys, nodesChanged, queryClient, useAccess } from '../api/queries';
import type { AccessEntry, Node } from '../api/types';
import { ProblemView } from '../shared/ProblemView';
import { sayProblem } from '../shared/toasts';
import { Waiting } from '../shared/Waiting';
import { AddPrincipal } from './AddPrincipal';
import { GrantRow } from './GrantRow';
import { GuestLinkForm } from './GuestLinkForm';
import classes from './ShareDialog.module.css';

/** Who has access to a node and why, and giving it to others. */
export default function ShareDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  const access = useAccess(node.id);
  const mayManage = node.capabilities.includes('manage');
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: ['access'] });
    nodesChanged();
  };
  const give = useMutation({
    mutationFn: ({ principal, role }: { principal: string; role: string }) => call(`/nodes/${node.id}/grants/${principal}`, { method: 'PUT', json: { role } }),
    onSuccess: refresh,
    onError: sayProblem,
  });
  const take = useMutation({
    mutationFn: (grant: AccessEntry) => call(grant.principal.kind === 'link' ? `/nodes/${node.id}/links/${grant.principal.id}` : `/nodes/${node.id}/grants/${grant.principal.id}`, { method: 'DELETE' }),
    onSuccess: refresh,
    onError: sayProblem,
  });
  return (
    <Modal opened onClose={onClose} title={`Share ${node.name}`} size="lg">
      {mayManage && <AddPrincipal onAdd={(principal, role) => give.mutateAsync({ principal, role })} />}
      <h2 className={classes.title}>Who can see this, and why</h2>
      {access.isError ? <ProblemView error={access.error} what="list" /> : !access.data ? <Waiting for="the list of people" /> : (
        <ul className={classes.grants}>
          {access.data.grants.map((grant) => (
            <GrantRow key={`${grant.principal.id} ${grant.from?.id} ${grant.via?.space?.id}`} grant={grant} mayChange={mayManage && !grant.inherited && !grant.via}
              onRole={(role) => give.mutate({ principal: grant.principal.id, role })} onRemove={() => take.mutate(grant)} />
          ))}
        </ul>
      )}
      {mayManage && <GuestLinkForm node={node} onMade={() => void queryClient.invalidateQueries({ queryKey: keys.access(node.id) })} />}
    </Modal>
  );
}
