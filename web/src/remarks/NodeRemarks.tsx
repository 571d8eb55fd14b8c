import { lazy, Suspense } from 'react';
import { useRemarks } from '../api/queries';
import type { Node } from '../api/types';
import { count } from '../shared/format';
import { Icon } from '../shared/Icon';
import { useQueryState } from '../shared/useQueryState';
import { Waiting } from '../shared/Waiting';
import classes from './Remarks.module.css';
import { standing } from './threads';

const Remarks = lazy(() => import('./Remarks'));

/** Notes and comments on a node: one line until they are wanted, so that its pictures stay in sight. */
export function NodeRemarks({ node }: { node: Node }) {
  const [open, setOpen] = useQueryState('notes', '');
  const notes = useRemarks('nodes', node.id, 'notes');
  const comments = useRemarks('nodes', node.id, 'comments');
  const said = [notes.data?.length && count(notes.data.length, 'note'), comments.data && standing(comments.data) && count(standing(comments.data), 'comment')].filter(Boolean);
  return (
    <section className={classes.node} aria-label="Notes and comments">
      <button type="button" className={classes.toggle} aria-expanded={open !== ''} onClick={() => setOpen(open ? '' : 'open')}>
        <Icon name="chevron" size={12} /> {said.length ? said.join(', ') : 'Notes and comments'}
      </button>
      {open && <Suspense fallback={<Waiting for="notes and comments" />}><Remarks of="nodes" id={node.id} mayWriteNotes={node.capabilities.includes('edit')} /></Suspense>}
    </section>
  );
}
