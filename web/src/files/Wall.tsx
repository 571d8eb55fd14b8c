import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { List } from '../api/useList';
import type { FileSet } from '../api/types';
import type { Selection } from '../selection/useSelection';
import { useKeys } from '../shared/keys';
import { useTallWindow } from '../shared/useTallWindow';
import { Tile } from './Tile';
import classes from './Wall.module.css';

const GAP = 10;
const CAPTION = 46;
const columnsFor = (width: number) => Math.max(2, Math.floor(((width || 800) + GAP) / (190 + GAP)));
/** In whole pixels, so that rows far down are where they should be. */
const tileFor = (width: number) => Math.floor((width - GAP * (columnsFor(width) - 1)) / columnsFor(width));
const NOTE = 18;
const plainHeight = (width: number) => tileFor(width) + CAPTION + GAP;
const notedHeight = (width: number) => plainHeight(width) + NOTE;

/** Width of the wall that was drawn last. */
let knownWidth = 0;

interface Props {
  list: List;
  selection: Selection;
  /** The list is of several datasets: tiles say which. */
  showsDatasets?: boolean;
  /** One more line under each; the same function as long as it says the same. */
  note?: (set: FileSet) => ReactNode;
}

/** Pictures in rows, as high as the list is long; only the rows in sight are drawn, and what is not here yet is an empty tile. Arrows move, with Shift they choose, Enter opens. */
export function Wall({ list, selection, showsDatasets = false, note }: Props) {
  const { total, at, see } = list;
  const wall = useRef<HTMLUListElement>(null);
  const isNoted = note !== undefined;
  const rows = useMemo(() => ({ count: (width: number) => Math.ceil(total / columnsFor(width)), height: isNoted ? notedHeight : plainHeight }), [total, isNoted]);
  const { first, last, width, height, shift, isRushing, show } = useTallWindow(wall, rows, knownWidth);
  const [active, setActive] = useState(0);
  const focusNext = useRef<number | null>(null);
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const columns = columnsFor(width);

  useEffect(() => {
    knownWidth = width;
  }, [width]);

  useEffect(() => see(first * columns, last * columns), [see, first, last, columns]);

  useEffect(() => {
    if (focusNext.current === null) return;
    const tile = wall.current?.querySelector<HTMLElement>(`[data-index="${focusNext.current}"]`);
    if (!tile) return;
    focusNext.current = null;
    tile.focus({ preventScroll: true });
    tile.scrollIntoView({ block: 'nearest' });
  });

  const go = useCallback((to: number) => {
    const index = Math.min(total - 1, Math.max(0, to));
    // A tile far away is not drawn yet, or not here: it has the focus as soon as it is.
    focusNext.current = index;
    setActive(index);
    draw();
    show(Math.floor(index / columns));
  }, [total, columns, show]);

  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const extend = (to: number) => {
    const [here, there] = [at(active), at(to)];
    // The tile that one comes from is the beginning of the range.
    if (here && !selection.items.length) selection.toggle(here.id);
    if (there) selection.extendTo(there.id);
  };
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    const next = step !== undefined ? active + step : event.key === 'Home' ? 0 : total - 1;
    if (next < 0 || next >= total) return;
    if (event.shiftKey) extend(next);
    go(next);
  };
  // With nothing focused yet, an arrow enters the wall.
  const enter = (event: globalThis.KeyboardEvent) => {
    if (wall.current?.contains(document.activeElement) || (document.activeElement && document.activeElement !== document.body && document.activeElement.id !== 'content')) return;
    event.preventDefault();
    go(active >= first * columns && active < last * columns ? active : first * columns);
  };
  useKeys({ ArrowLeft: enter, ArrowRight: enter, ArrowDown: enter });

  const { choosing } = selection;
  const reach = useCallback((index: number, id: string) => {
    setActive(index);
    choosing.reach(id);
  }, [choosing]);
  const isChoosing = selection.items.length > 0;
  const size = tileFor(width);
  const rowHeight = rows.height(width);
  const cells: ReactNode[] = [];
  const drawn = new Set<string>();
  for (let index = first * columns; width > 0 && index < Math.min(last * columns, total); index++) {
    const set = at(index);
    const place = { width: size, height: rowHeight - GAP, left: (index % columns) * (size + GAP), top: Math.floor(index / columns) * rowHeight - shift };
    // While a list grows, two sheets of it may both have the same one for a moment.
    if (!set || drawn.has(set.id)) cells.push(<li key={index} className={classes.cell} style={place}><div className={classes.empty} style={{ height: size }} /></li>);
    else {
      drawn.add(set.id);
      cells.push(
        <li key={set.id} className={classes.cell} style={place} aria-setsize={total} aria-posinset={index + 1}>
          <Tile set={set} index={index} isActive={index === active} isChosen={selection.has(set.id)} isChoosing={isChoosing} isRushing={isRushing} choosing={choosing} showsDataset={showsDatasets} note={note} onReach={reach} />
        </li>,
      );
    }
  }
  return <ul ref={wall} className={classes.wall} style={{ height: height || undefined }} onKeyDown={move} aria-label="Pictures">{cells}</ul>;
}
