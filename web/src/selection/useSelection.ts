import { useEffect, useMemo, useRef, useState } from 'react';
import { isTaken } from '../shared/keys';
import { all, extended, NOTHING, type Selected, shownOf, toggled } from './selected';

export interface Selection<T extends { id: string } = { id: string }> {
  /** What is chosen and shown, in the order of the list. */
  items: readonly T[];
  has: (id: string) => boolean;
  /** The one that the keyboard is at, or was last. */
  active: T | null;
  /** Says that the keyboard is at one. */
  reach: (id: string) => void;
  toggle: (id: string) => void;
  extendTo: (id: string) => void;
  all: () => void;
  clear: () => void;
}

/** What is chosen of a list. While its view is open, `x` chooses the one that the keyboard is at, Ctrl-A all, Esc none. */
export function useSelection<T extends { id: string }>(list: readonly T[]): Selection<T> {
  const [selected, setSelected] = useState<Selected>(NOTHING);
  const [activeId, setActive] = useState<string | null>(null);
  const items = useMemo(() => shownOf(selected, list), [selected, list]);
  const active = useMemo(() => list.find(({ id }) => id === activeId) ?? null, [list, activeId]);
  const order = () => list.map(({ id }) => id);
  const selection: Selection<T> = {
    items,
    active,
    has: (id) => selected.ids.has(id),
    reach: setActive,
    toggle: (id) => setSelected((old) => toggled(old, id)),
    extendTo: (id) => setSelected((old) => extended(old, id, order())),
    all: () => setSelected(all(order())),
    clear: () => setSelected(NOTHING),
  };
  useSelectionKeys(selection);
  return selection;
}

/** Heard before the keys of the page: Esc leaves the selection before it leaves the view. */
function useSelectionKeys<T extends { id: string }>(selection: Selection<T>): void {
  const latest = useRef(selection);
  useEffect(() => {
    latest.current = selection;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { items, active, all: every, clear, toggle } = latest.current;
      if (event.altKey || isTaken(event.target)) return;
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key === 'a') every();
      else if (!command && event.key === 'Escape' && items.length) clear();
      else if (!command && event.key === 'x' && active) toggle(active.id);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
}
