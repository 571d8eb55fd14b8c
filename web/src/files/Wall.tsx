import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { FileSet } from '../api/types';
import type { Selection } from '../selection/useSelection';
import { useKeys } from '../shared/keys';
import { useWindowed } from '../shared/useWindowed';
import { Tile } from './Tile';
import classes from './Wall.module.css';

const GAP = 10;
/** So many rows before the end of what is loaded, more is asked for: who turns the wheel should not come to it. */
const AHEAD = 40;
const CAPTION = 46;
const columnsFor = (width: number) => Math.max(2, Math.floor((width + GAP) / (190 + GAP)));
const tileFor = (width: number) => (width - GAP * (columnsFor(width) - 1)) / columnsFor(width);
const NOTE = 18;
const plainHeight = (width: number) => tileFor(width) + CAPTION + GAP;
const notedHeight = (width: number) => plainHeight(width) + NOTE;

/** Width of the wall that was drawn last. */
let knownWidth = 0;

interface Props {
  sets: FileSet[];
  onEnd: () => void;
  /** Where several can be chosen. */
  selection?: Selection;
  /** The list is of several datasets: tiles say which. */
  showsDatasets?: boolean;
  /** One more line under each. */
  note?: (set: FileSet) => ReactNode;
}

/** Pictures in rows; only the rows in sight are drawn. Arrows move, with Shift they choose, Enter opens. */
export function Wall({ sets, onEnd, selection, showsDatasets = false, note }: Props) {
  const rowHeight = note ? notedHeight : plainHeight;
  const wall = useRef<HTMLUListElement>(null);
  const { first, last, width } = useWindowed(wall, rowHeight, undefined, knownWidth);
  const [active, setActive] = useState(0);
  const focusNext = useRef<number | null>(null);
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const columns = columnsFor(width || 800);
  const rows = Math.ceil(sets.length / columns);
  const height = width ? rowHeight(width) : 0;

  useEffect(() => {
    knownWidth = width;
  }, [width]);

  useEffect(() => {
    if (last + AHEAD >= rows) onEnd();
  }, [last, rows, onEnd]);

  useEffect(() => {
    if (focusNext.current === null) return;
    const tile = wall.current?.querySelector<HTMLElement>(`[data-index="${focusNext.current}"]`);
    if (!tile) return;
    focusNext.current = null;
    tile.focus({ preventScroll: true });
    tile.scrollIntoView({ block: 'nearest' });
  });

  const go = useCallback((to: number) => {
    const index = Math.min(sets.length - 1, Math.max(0, to));
    focusNext.current = index;
    setActive(index);
    draw();
    // A tile far away is not drawn yet: scroll to where it will be.
    const top = (wall.current?.getBoundingClientRect().top ?? 0) + Math.floor(index / columns) * height;
    if (top < 60 || top + height > window.innerHeight) window.scrollBy({ top: top < 60 ? top - 80 : top + height - window.innerHeight + 20 });
  }, [sets.length, columns, height]);

  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const extend = (to: number) => {
    const here = sets[active];
    // The tile that one comes from is the beginning of the range.
    if (selection && here && !selection.items.length) selection.toggle(here.id);
    selection?.extendTo(sets[to]!.id);
  };
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    const next = step !== undefined ? active + step : event.key === 'Home' ? 0 : sets.length - 1;
    if (next < 0 || next >= sets.length) return;
    if (event.shiftKey) extend(next);
    go(next);
  };
  // With nothing focused yet, an arrow enters the wall.
  const enter = (event: globalThis.KeyboardEvent) => {
    if (wall.current?.contains(document.activeElement) || (document.activeElement && document.activeElement !== document.body && document.activeElement.id !== 'content')) return;
    event.preventDefault();
    go(Math.max(active, first * columns));
  };
  useKeys({ ArrowLeft: enter, ArrowRight: enter, ArrowDown: enter });

  return (
    <ul ref={wall} className={classes.wall} style={{ height: rows * height || undefined }} onKeyDown={move} aria-label="Pictures">
      {width > 0 && sets.slice(first * columns, last * columns).map((set, i) => {
        const index = first * columns + i;
        return (
          <li key={set.id} className={classes.cell} style={{ width: tileFor(width), left: (index % columns) * (tileFor(width) + GAP), top: Math.floor(index / columns) * height }}>
            <Tile set={set} index={index} isActive={index === active} selection={selection} showsDataset={showsDatasets} note={note?.(set)} onFocus={() => {
              setActive(index);
              selection?.reach(set.id);
            }} />
          </li>
        );
      })}
    </ul>
  );
}
