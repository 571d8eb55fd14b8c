import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Annotation } from '../api/types';
import { useWindowed } from '../shared/useWindowed';
import classes from './List.module.css';
import { measuresOf } from './measure';
import { nameOf } from './tools';
import type { Marks } from './useMarks';

const ROW = 44;

/** All that is marked, only the rows in sight drawn. A row goes to its place in the image; the arrows go from row to row. */
export function List({ items, marks }: { items: readonly Annotation[]; marks: Marks }) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const { first, last } = useWindowed(list, ROW, scroller);
  const { selected } = marks;

  useEffect(() => {
    const at = selected ? items.indexOf(selected) : -1;
    const box = scroller.current;
    if (at < 0 || !box) return;
    if (at * ROW < box.scrollTop) box.scrollTop = at * ROW;
    else if ((at + 1) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (at + 1) * ROW - box.clientHeight;
  }, [selected?.id]);

  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!by || !items.length) return;
    event.preventDefault();
    const at = selected ? items.indexOf(selected) : -1;
    marks.jumpTo(items[Math.min(items.length - 1, Math.max(0, at + by))]!);
  };
  return (
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="group" aria-label="List of annotations" data-arrows onKeyDown={step}>
      <ul ref={list} className={classes.list} style={{ height: items.length * ROW }}>
        {items.slice(first, last).map((annotation, i) => (
          <li key={annotation.id} style={{ top: (first + i) * ROW }}>
            <button type="button" aria-pressed={annotation.id === selected?.id} onClick={() => marks.jumpTo(annotation)}>
              <span className={classes.label} data-none={!annotation.label || undefined}>{annotation.label || nameOf(annotation.kind)}</span>
              <span className={classes.about}>{[annotation.label && nameOf(annotation.kind), measuresOf(annotation, marks.calibration).at(-1)?.words, ...annotation.tags].filter(Boolean).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
