import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { count } from '../shared/format';
import { takeLeft } from './left';
import classes from './LeftNote.module.css';

// Taken when the page begins: a component may be drawn twice, the note is told once.
const found = takeLeft();

/** Says what an earlier page could not finish, and how to go on. */
export function LeftNote() {
  const [left, setLeft] = useState(found);
  if (!left.length) return null;
  return (
    <section className={classes.note} aria-label="Files not sent">
      {left.map(({ node, nodeName, tops, files }) => (
        <p key={node}>
          <strong>{count(files, 'file')} of {tops.join(', ')}</strong> had not been sent to <Link to={`/nodes/${node}`}>{nodeName}</Link> when the page was closed.
          Drop the same again to go on: what is stored already is not stored twice.
        </p>
      ))}
      <Button size="compact-sm" variant="default" onClick={() => setLeft([])}>All right</Button>
    </section>
  );
}
