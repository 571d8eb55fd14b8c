import { Button } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '../api/client';
import type { Remark } from '../api/types';
import { Description } from '../shared/Description';
import { changeRemark } from './changes';
import { MOST } from './limits';
import classes from './Remarks.module.css';
import { WriteForm } from './WriteForm';

/** Changes the text of a note or comment. Where somebody else was faster, both texts stand side by side, and nothing is overwritten unseen. */
export function EditForm({ remark, onClose }: { remark: Remark; onClose: () => void }) {
  // The list is live: what the change is based on is what was seen when it began.
  const [base, setBase] = useState(remark.version);
  const stale = (error: Error) => error instanceof Problem && error.status === 412 && (
    <>
      <p className={classes.stale}>{remark.modifiedBy.name} changed this meanwhile. It now says:</p>
      <Description text={remark.body ?? ''} />
      {base !== remark.version && <Button size="compact-sm" variant="default" onClick={() => setBase(remark.version)}>I have seen it: let me replace it</Button>}
    </>
  );
  return (
    <WriteForm label={`Text of the ${remark.kind}`} draft={`edit.${remark.id}.${base}`} initial={remark.body ?? ''} action="Save" rows={remark.kind === 'note' ? 6 : 2} most={MOST[remark.kind]} autoFocus
      onSend={(body) => changeRemark(remark, body, base)} onClose={onClose} onError={stale} />
  );
}
