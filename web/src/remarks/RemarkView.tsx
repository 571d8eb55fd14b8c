import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Remark } from '../api/types';
import { Description } from '../shared/Description';
import { Moment } from '../shared/Moment';
import { deleteRemark } from './changes';
import { EditForm } from './EditForm';
import classes from './Remarks.module.css';

const VersionsDialog = lazy(() => import('./VersionsDialog'));

/** A note or comment: who, when, what, and what may be done with it. */
export function RemarkView({ remark, actions }: { remark: Remark; actions?: ReactNode }) {
  const [open, setOpen] = useState<'edit' | 'versions' | null>(null);
  const { createdBy, modifiedBy, kind } = remark;
  if (remark.body === null) return <p className={classes.gone}>A comment of {createdBy.name} was deleted.</p>;
  const by = modifiedBy.id === createdBy.id ? '' : ` by ${modifiedBy.name}`;
  return (
    <article className={classes.remark} aria-label={`${kind === 'note' ? 'Note' : 'Comment'} by ${createdBy.name}`}>
      <header className={classes.who}>
        <strong>{createdBy.name}</strong> <Moment at={remark.createdAt} />
        {remark.version > 1 && <button type="button" className={classes.link} onClick={() => setOpen('versions')}>changed{by} <Moment at={remark.modifiedAt} /></button>}
      </header>
      {open === 'edit' ? <EditForm remark={remark} onClose={() => setOpen(null)} /> : <Description text={remark.body} />}
      {open !== 'edit' && (
        <footer className={classes.actions}>
          {actions}
          {remark.mayChange && <button type="button" className={classes.link} onClick={() => setOpen('edit')}>Edit</button>}
          {remark.mayDelete && <button type="button" className={classes.link} onClick={() => void deleteRemark(remark)}>Delete</button>}
        </footer>
      )}
      {open === 'versions' && <Suspense><VersionsDialog remark={remark} onClose={() => setOpen(null)} /></Suspense>}
    </article>
  );
}
