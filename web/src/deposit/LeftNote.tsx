import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link } from 'react-router-dom';
import { guestSecret } from '../api/guest';
import { useMe } from '../api/queries';
import { count } from '../shared/format';
import { arrived } from './arrived';
import { stillLeft, takeLeft, topsOf } from './left';
import classes from './LeftNote.module.css';
import { useQueue } from './useQueue';

// Taken when the page begins: a component may be drawn twice, the note is told once.
const found = takeLeft();

/** Says what an earlier page could not finish, and how to go on; for as long as that is so. */
export function LeftNote() {
  // Who is signed out sees no destination, which says nothing about the files.
  const isKnown = Boolean(useMe().data ?? guestSecret());
  // Null until the hub was asked: what it has already is never told as missing.
  const [left, setLeft] = useState<typeof found | null>(found.length ? null : []);
  const { items } = useQueue();
  useEffect(() => {
    if (!isKnown || !found.length) return;
    void Promise.all(found.map(async (one) => ({ node: one.node, there: await arrived(one) }))).then((known) =>
      setLeft(stillLeft(found, (node, path) => known.some((one) => one.node === node && one.there.has(path)))));
  }, [isKnown]);
  if (!left?.length) return null;
  const again = new Set(items.filter(({ phase }) => phase !== 'cancelled' && phase !== 'failed').map(({ node, path }) => `${node} ${path}`));
  const open = stillLeft(left, (node, path) => again.has(`${node} ${path}`));
  if (!open.length) return null;
  return (
    <section className={classes.note} aria-label="Files not sent">
      {open.map((one) => (
        <p key={one.node}>
          <strong>{count(one.paths.length + one.more, 'file')} of {topsOf(one).join(', ')}</strong> had not been sent to <Link to={`/nodes/${one.node}`}>{one.nodeName}</Link> when the page was closed.
          Drop the same again to go on: what is stored already is not stored twice.
        </p>
      ))}
      <Button size="compact-sm" variant="default" onClick={() => setLeft([])}>All right</Button>
    </section>
  );
}
