import { useState } from 'react';
import { type About, useMe } from '../api/queries';
import type { Remark } from '../api/types';
import { writeRemark } from './changes';
import { MOST } from './limits';
import { RemarkView } from './RemarkView';
import classes from './Remarks.module.css';
import { type Thread, threadsOf } from './threads';
import { WriteForm } from './WriteForm';

/** Comments with their answers. Whoever has an account may write. */
export function Comments({ of, id, comments }: { of: About; id: string; comments: Remark[] }) {
  const mayWrite = Boolean(useMe().data);
  return (
    <>
      {comments.length > 0 && (
        <ol className={classes.list}>
          {threadsOf(comments).map((thread) => <li key={thread.first.id}><ThreadView of={of} id={id} thread={thread} mayWrite={mayWrite} /></li>)}
        </ol>
      )}
      {mayWrite
        ? <WriteForm label="Write a comment" placeholder="Ask or tell something about this" draft={`comment.${id}`} action="Comment" rows={2} most={MOST.comment} onSend={(body) => writeRemark(of, id, 'comments', body)} />
        : <p className={classes.none}>Sign in to comment.</p>}
    </>
  );
}

function ThreadView({ of, id, thread: { first, answers }, mayWrite }: { of: About; id: string; thread: Thread; mayWrite: boolean }) {
  const [answering, setAnswering] = useState(false);
  const answer = mayWrite && first.body !== null && <button type="button" className={classes.link} onClick={() => setAnswering(true)}>Answer</button>;
  return (
    <>
      <RemarkView remark={first} actions={answer} />
      {(answers.length > 0 || answering) && (
        <ol className={classes.answers}>
          {answers.map((comment) => <li key={comment.id}><RemarkView remark={comment} actions={comment === answers.at(-1) && answer} /></li>)}
          {answering && (
            <li>
              <WriteForm label={`Answer ${first.createdBy.name}`} draft={`answer.${first.id}`} action="Answer" rows={2} most={MOST.comment} autoFocus
                onSend={(body) => writeRemark(of, id, 'comments', body, first.id)} onClose={() => setAnswering(false)} />
            </li>
          )}
        </ol>
      )}
    </>
  );
}
