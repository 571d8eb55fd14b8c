import { useEffect, useMemo, useRef, useState } from 'react';
import type { List } from '../api/useList';
import type { FileSet } from '../api/types';
import { formatNumber } from '../shared/format';
import { isTaken } from '../shared/keys';
import { say, sayProblem, sayWhile } from '../shared/toasts';
import { onActed } from './acted';
import { added, nothing, renewed, type Selected, toggled, without } from './selected';

/** An archive holds no more, and nobody means more by accident. */
export const MOST_CHOSEN = 10_000;

/** What can be done to a selection; the same functions as long as the view is open. */
export interface Choosing {
  /** Says that the keyboard is at one. */
  reach: (id: string) => void;
  toggle: (id: string) => void;
  extendTo: (id: string) => void;
  all: () => void;
  clear: () => void;
  /** Whether anything is chosen: a tap chooses then. */
  isAny: () => boolean;
}

export interface Selection extends Choosing {
  /** What is chosen, whether the list shows it now or not. */
  items: readonly FileSet[];
  has: (id: string) => boolean;
  /** The one that the keyboard is at, or was last. */
  active: FileSet | null;
  choosing: Choosing;
}

interface Latest {
  list: List | undefined;
  selected: Selected<FileSet>;
  activeId: string | null;
}

function find(list: List | undefined, id: string): { index: number; set: FileSet } | null {
  for (const [index, set] of list?.known() ?? []) if (set.id === id) return { index, set };
  return null;
}

/**
 * What is chosen of a list. While its view is open, `x` chooses the one that the keyboard is at, Ctrl-A all, Esc none.
 * It stays while the list is filtered or ordered otherwise; what it holds of a list is fetched where it is not here.
 */
export function useSelection(list: List | undefined): Selection {
  const [selected, setSelected] = useState<Selected<FileSet>>(nothing);
  const [activeId, setActive] = useState<string | null>(null);
  const latest = useRef<Latest>({ list, selected, activeId });
  useEffect(() => {
    latest.current = { list, selected, activeId };
  });
  const choosing = useMemo(() => choosingOf(latest, setSelected, setActive), []);
  useEffect(() => onActed(({ changed, gone }) => setSelected((old) => without(renewed(old, changed.flatMap((now) => {
    const set = old.items.get(now.id);
    return set ? [{ ...set, ...now }] : [];
  })), gone))), []);
  useSelectionKeys(latest, choosing);
  const now = useMemo(() => (selected.items.size && list ? renewed(selected, values(list)) : selected), [selected, list]);
  const items = useMemo(() => [...now.items.values()], [now]);
  const active = useMemo(() => (activeId ? (find(list, activeId)?.set ?? null) : null), [list, activeId]);
  return { ...choosing, choosing, items, active, has: (id) => selected.items.has(id) };
}

function* values(list: List): Generator<FileSet> {
  for (const [, set] of list.known()) yield set;
}

function choosingOf(latest: { current: Latest }, setSelected: (to: (old: Selected<FileSet>) => Selected<FileSet>) => void, reach: (id: string) => void): Choosing {
  const toggle = (id: string) => {
    const { list } = latest.current;
    const at = find(list, id);
    if (list && at) setSelected((old) => toggled(old, at.set, at.index, list.key));
    else setSelected((old) => without(old, [id]));
  };
  /** @param ends what must stand first or last, in either order: a list may have changed since its places were learnt */
  const choose = async (first: number, last: number, from?: Selected<FileSet>['anchor'], ends: readonly string[] = []) => {
    const { list } = latest.current;
    if (!list || last <= first) return;
    const number = last - first;
    if (number > MOST_CHOSEN) return say(`At most ${formatNumber(MOST_CHOSEN)} files are chosen at once, and these are ${formatNumber(number)}. Filter the list first.`, undefined, 'problem');
    const here = Array.from({ length: number }, (_, i) => list.at(first + i));
    if (here.every((set) => set !== undefined)) return setSelected((old) => added(old, here, from));
    const told = sayWhile(`Looking up ${formatNumber(number)} files…`);
    try {
      const sets = await list.part(first, last);
      if (ends.some((id) => id !== sets[0]?.id && id !== sets.at(-1)?.id)) return say('The list has changed meanwhile. Choose again.', undefined, 'problem');
      setSelected((old) => added(old, sets, from));
    } finally {
      told.end();
    }
  };
  return {
    reach,
    toggle,
    extendTo: (id) => {
      const { list, selected } = latest.current;
      const to = find(list, id);
      if (!list || !to) return;
      const { anchor } = selected;
      // A range begins at the last one touched, wherever it is now; where that is not known, it is this one alone.
      const from = anchor ? (find(list, anchor.id)?.index ?? (anchor.list === list.key ? anchor.index : null)) : null;
      if (anchor && from !== null) void choose(Math.min(from, to.index), Math.max(from, to.index) + 1, anchor, [anchor.id, id]).catch(sayProblem);
      else setSelected((old) => added(old, [to.set], { id, index: to.index, list: list.key }));
    },
    all: () => void choose(0, latest.current.list?.total ?? 0).catch(sayProblem),
    clear: () => setSelected(nothing),
    isAny: () => latest.current.selected.items.size > 0,
  };
}

/** Heard before the keys of the page: Esc leaves the selection before it leaves the view. */
function useSelectionKeys(latest: { current: Latest }, { all, clear, toggle, isAny }: Choosing): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.altKey || isTaken(event.target)) return;
      const { activeId } = latest.current;
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key === 'a') all();
      else if (!command && event.key === 'Escape' && isAny()) clear();
      else if (!command && event.key === 'x' && activeId) toggle(activeId);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [latest, all, clear, toggle, isAny]);
}
