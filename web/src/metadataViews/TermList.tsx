import { ActionIcon } from '@mantine/core';
import { type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import { Icon } from '../shared/Icon';
import { moved } from './order';
import classes from './ShowFirst.module.css';

interface Props {
  terms: string[];
  label: (term: string) => string;
  onChange: (terms: string[]) => void;
}

/** Terms in an order that is changed by dragging a row, by its arrow buttons, or with the arrow keys on its name. */
export function TermList({ terms, label, onChange }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const move = (term: string, to: number) => {
    const next = moved(terms, terms.indexOf(term), to);
    onChange(next);
    setSaid(`${label(term)} is now number ${next.indexOf(term) + 1} of ${next.length}`);
  };
  const keys = (event: KeyboardEvent, term: string) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (event.key === 'Delete') remove(term);
    if (!step) return;
    event.preventDefault();
    move(term, terms.indexOf(term) + step);
    // The row is drawn at its new place; what was held stays held.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-term="${term}"]`)?.focus());
  };
  const over = (event: DragEvent, term: string) => {
    if (!dragged) return;
    event.preventDefault();
    if (dragged !== term) move(dragged, terms.indexOf(term));
  };
  const remove = (term: string) => onChange(terms.filter((other) => other !== term));
  return (
    <>
      <ol ref={list} className={classes.terms} aria-label="Shown first, in this order">
        {terms.map((term, i) => (
          <li key={term} draggable data-dragged={dragged === term || undefined} onDragStart={() => setDragged(term)} onDragEnd={() => setDragged(null)} onDragOver={(event) => over(event, term)} onDrop={(event) => event.preventDefault()}>
            <button type="button" className={classes.handle} data-term={term} aria-label={`${label(term)}, number ${i + 1}. Arrow keys move it.`} onKeyDown={(event) => keys(event, term)}>{label(term)}</button>
            <ActionIcon variant="subtle" color="gray" aria-label={`Move ${label(term)} up`} disabled={i === 0} onClick={() => move(term, i - 1)}><span className={classes.up}><Icon name="chevron" size={14} /></span></ActionIcon>
            <ActionIcon variant="subtle" color="gray" aria-label={`Move ${label(term)} down`} disabled={i === terms.length - 1} onClick={() => move(term, i + 1)}><span className={classes.down}><Icon name="chevron" size={14} /></span></ActionIcon>
            <ActionIcon variant="subtle" color="gray" aria-label={`Take ${label(term)} out`} onClick={() => remove(term)}><Icon name="close" size={14} /></ActionIcon>
          </li>
        ))}
      </ol>
      <span className={classes.said} role="status">{said}</span>
    </>
  );
}
