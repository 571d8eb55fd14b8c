import { Alert, Modal, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router-dom';
import { call } from '../api/client';
import { queryClient } from '../api/queries';
import type { Node, ProjectSidecars } from '../api/types';
import dialog from '../projects/dialogs.module.css';
import { Moment } from '../shared/Moment';
import { ProblemView } from '../shared/ProblemView';
import { statusLine } from './status';
import classes from './Sidecars.module.css';

/** Whether a project keeps a text with the metadata beside its files, and how that goes. */
export default function SidecarsDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  const key = ['sidecars', node.id];
  // Texts are written in the background: what is looked at follows.
  const sidecars = useQuery({ queryKey: key, queryFn: ({ signal }) => call<ProjectSidecars>(`/nodes/${node.id}/sidecars`, { signal }), refetchInterval: 3000 });
  const turn = useMutation({
    mutationFn: (kept: boolean) => call<ProjectSidecars>(`/nodes/${node.id}/sidecars`, { method: 'PUT', json: { kept }, version: sidecars.data!.version }),
    onSuccess: (now) => queryClient.setQueryData(key, now),
    onError: () => queryClient.invalidateQueries({ queryKey: key }),
  });
  const now = sidecars.data;
  // Opened when there is something in it: the keyboard is then at the switch, and not at the button that closes.
  if (!now && !sidecars.isError) return null;
  return (
    <Modal opened onClose={onClose} title={`Texts beside the files of ${node.name}`}>
      {sidecars.isError ? <ProblemView error={sidecars.error} what="setting" /> : now && (
        <div className={dialog.form}>
          <Switch data-autofocus checked={now.kept} disabled={turn.isPending} onChange={(event) => turn.mutate(event.currentTarget.checked)}
            label="Keep a text file with the metadata beside linked files, and add one beside each file in downloads" />
          <p className={dialog.about}>
            The text is called like the file, with “.stemma.txt” added, so that searching in Windows, macOS or Linux finds the file by what is known here.
            Whoever can read the share can read it; notes and comments are not in it. An administrator must allow it at the harvest source.
          </p>
          {turn.error && <Alert color="red" variant="light" role="alert">{turn.error.message}</Alert>}
          <p className={classes.status} role="status">{statusLine(now)}</p>
          {now.problems.length > 0 && (
            <ul className={classes.problems} aria-label="Files without a text">
              {now.problems.map(({ fileSetId, name, problem, retryAt }) => (
                <li key={fileSetId}>
                  <Link to={`/file-sets/${fileSetId}`} onClick={onClose}>{name}</Link>
                  <span>{problem}{retryAt && <> Tried again <Moment at={retryAt} />.</>}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Modal>
  );
}
