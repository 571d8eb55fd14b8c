import type { Versioned } from './selected';

/** What was done to several: those that are another version now, and those that went. */
export interface Acted {
  changed: readonly Versioned[];
  gone: readonly string[];
}

const listeners = new Set<(acted: Acted) => void>();

export function onActed(listener: (acted: Acted) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Tells whoever holds a selection what became of what is in it. */
export function acted({ changed = [], gone = [] }: Partial<Acted>): void {
  for (const listener of listeners) listener({ changed, gone });
}
