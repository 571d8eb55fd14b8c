import { type About, useRemarks } from '../api/queries';
import { ProblemView } from '../shared/ProblemView';
import { Waiting } from '../shared/Waiting';
import { Comments } from './Comments';
import { Notes } from './Notes';
import classes from './Remarks.module.css';

/** Notes and comments on a node or a file, side by side where there is room. */
export default function Remarks({ of, id, mayWriteNotes }: { of: About; id: string; mayWriteNotes: boolean }) {
  const notes = useRemarks(of, id, 'notes');
  const comments = useRemarks(of, id, 'comments');
  const failed = notes.error ?? comments.error;
  if (failed) return <ProblemView error={failed} what="list" retry={() => void Promise.all([notes.refetch(), comments.refetch()])} />;
  if (!notes.data || !comments.data) return <Waiting for="notes and comments" />;
  return (
    <div className={classes.remarks}>
      <section aria-labelledby="notes-title">
        <h2 id="notes-title" className={classes.title}>Notes</h2>
        <Notes of={of} id={id} notes={notes.data} mayWrite={mayWriteNotes} />
      </section>
      <section aria-labelledby="comments-title">
        <h2 id="comments-title" className={classes.title}>Comments</h2>
        <Comments of={of} id={id} comments={comments.data} />
      </section>
    </div>
  );
}
