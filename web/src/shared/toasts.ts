import { useSyncExternalStore } from 'react';

export interface Toast {
  id: number;
  words: string;
  tone: 'plain' | 'problem';
  action?: { label: string; run: () => void };
}

const SECONDS = 10;
let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says something at the edge of the page for ten seconds, with an action such as Undo. */
export function say(words: string, action?: Toast['action'], tone: Toast['tone'] = 'plain'): void {
  const id = ++last;
  set([...toasts.slice(-2), { id, words, tone, ...(action ? { action } : {}) }]);
  setTimeout(() => dismiss(id), SECONDS * 1000);
}

/** Says how far something is, until it ends. */
export function sayWhile(words: string): { tell: (words: string) => void; end: () => void } {
  const id = ++last;
  set([...toasts.slice(-2), { id, words, tone: 'plain' }]);
  return { tell: (now) => set(toasts.map((toast) => (toast.id === id ? { ...toast, words: now } : toast))), end: () => dismiss(id) };
}

export function sayProblem(error: unknown): void {
  say(error instanceof Error ? error.message : String(error), undefined, 'problem');
}

export function dismiss(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useToasts = () => useSyncExternalStore(subscribe, () => toasts);
