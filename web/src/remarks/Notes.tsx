import { Button } from '@mantine/core';
import { useState } from 'react';
import type { About } from '../api/queries';
import type { Remark } from '../api/types';
import { Icon } from '../shared/Icon';
import { writeRemark } from './changes';
import { MOST } from './limits';
import { RemarkView } from './RemarkView';
import classes from './Remarks.module.css';
import { hasDraft } from './useDraft';
import { WriteForm } from './WriteForm';

/** What is known beside what the files say; whoever may edit the thing writes it. */
export function Notes({ of, id, notes, mayWrite }: { of: About; id: string; notes: Remark[]; mayWrite: boolean }) {
  const [writing, setWriting] = useState(() => hasDraft(`note.${id}`));
  return (
    <>
      {notes.length > 0 && <ol className={classes.list}>{notes.map((note) => <li key={note.id}><RemarkView remark={note} /></li>)}</ol>}
      {!notes.length && !writing && <p className={classes.none}>{mayWrite ? 'How it was made, what to know before using it: a note stays with it, and its earlier texts are kept.' : 'There are no notes.'}</p>}
      {writing
        ? <WriteForm label="Text of the note" draft={`note.${id}`} action="Save the note" rows={6} most={MOST.note} autoFocus onSend={(body) => writeRemark(of, id, 'notes', body)} onClose={() => setWriting(false)} />
        : mayWrite && <Button size="compact-sm" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => setWriting(true)}>Write a note</Button>}
    </>
  );
}
