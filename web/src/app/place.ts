import { useEffect, useSyncExternalStore } from 'react';
import type { NodeKind, NodeName } from '../api/types';

/** Where in the tree the open view is; where dropped files go. */
export interface Place {
  id: string;
  kind: NodeKind;
  name: string;
  path: NodeName[];
  canAdd: boolean;
}

let place: Place | null = null;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const usePlace = () => useSyncExternalStore(subscribe, () => place);

/** Says where the calling view is, as long as it is open. */
export function useAt(next: Place | null): void {
  const key = next && JSON.stringify(next);
  useEffect(() => {
    const mine = key ? (JSON.parse(key) as Place) : null;
    set(mine);
    return () => {
      if (place === mine) set(null);
    };
  }, [key]);
}

function set(next: Place | null): void {
  place = next;
  for (const listener of listeners) listener();
}
