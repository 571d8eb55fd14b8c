import { useEffect, useRef, useSyncExternalStore } from 'react';

/** Something that the open view can do, for the command palette. */
export interface PageAction {
  label: string;
  run: () => void;
  /** Its key on the page, where it has one. */
  key?: string;
}

const lists = new Map<symbol, () => readonly PageAction[]>();
const listeners = new Set<() => void>();
let version = 0;
const changed = () => {
  version++;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Offers actions while the calling part of the view is there. */
export function usePageActions(actions: readonly PageAction[]): void {
  const labels = actions.map(({ label }) => label).join('\n');
  // What an action does may change with every drawing; which there are is told when that changes.
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const id = Symbol('actions');
    lists.set(id, () => latest.current);
    changed();
    return () => {
      lists.delete(id);
      changed();
    };
  }, [labels]);
}

/** All that the open view can do now. */
export function useOfferedActions(): readonly PageAction[] {
  useSyncExternalStore(subscribe, () => version);
  return [...lists.values()].flatMap((list) => list());
}
