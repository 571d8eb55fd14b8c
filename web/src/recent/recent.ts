import { useEffect, useSyncExternalStore } from 'react';
import { useMe } from '../api/queries';
import type { NodeKind } from '../api/types';

/** Something that was looked at in this browser. */
export interface Seen {
  id: string;
  kind: NodeKind | 'fileSet';
  name: string;
  /** What it lies in; null for a project or space. */
  within: string | null;
  /** When, in milliseconds. */
  at: number;
}

const MOST = 50;

/** Puts one at the front; each stands once, and the oldest fall off. */
export const withSeen = (list: readonly Seen[], seen: Seen): Seen[] => [seen, ...list.filter(({ id }) => id !== seen.id)].slice(0, MOST);

const keyOf = (account: string) => `stemma.recent.${account}`;
const listeners = new Set<() => void>();
const NONE: readonly Seen[] = [];
/** What was read last, so that an unchanged list stays the same object. */
let read: { key: string; text: string | null; list: readonly Seen[] } = { key: '', text: null, list: NONE };

/** What the account looked at last, as this browser keeps it. */
export function listOf(account: string | undefined): readonly Seen[] {
  if (!account) return NONE;
  const key = keyOf(account);
  let text: string | null = null;
  try {
    text = localStorage.getItem(key);
  } catch {
    // Privacy modes refuse even to look: then nothing is remembered.
  }
  if (read.key !== key || read.text !== text) read = { key, text, list: parse(text) };
  return read.list;
}

export function parse(text: string | null): readonly Seen[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? (list as Seen[]).filter((seen) => typeof seen?.id === 'string' && typeof seen.name === 'string') : NONE;
  } catch {
    return NONE;
  }
}

function keep(account: string, list: readonly Seen[]): void {
  try {
    localStorage.setItem(keyOf(account), JSON.stringify(list));
  } catch {
    // A browser that keeps nothing, or is full: then nothing is remembered.
  }
  for (const listener of listeners) listener();
}

/** Leaves nothing of an account behind in this browser: the next one at it may be somebody else. */
export function forgetRecent(account: string): void {
  localStorage.removeItem(keyOf(account));
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** What the account that is signed in looked at last in this browser, newest first. */
export function useRecent(): readonly Seen[] {
  const account = useMe().data?.id;
  return useSyncExternalStore(subscribe, () => listOf(account));
}

/** Remembers that the calling view shows something; null while it does not know. */
export function useSeen(seen: Omit<Seen, 'at'> | null): void {
  const account = useMe().data?.id;
  const text = seen && JSON.stringify(seen);
  useEffect(() => {
    if (account && text) keep(account, withSeen(listOf(account), { ...(JSON.parse(text) as Omit<Seen, 'at'>), at: Date.now() }));
  }, [account, text]);
}

/** Forgets what is no longer there, or may no longer be seen. */
export function useForgotten(id: string, isGone: boolean): void {
  const account = useMe().data?.id;
  useEffect(() => {
    if (account && isGone) keep(account, listOf(account).filter((seen) => seen.id !== id));
  }, [account, id, isGone]);
}

export const addressOf = ({ kind, id }: Pick<Seen, 'kind' | 'id'>) => (kind === 'fileSet' ? `/file-sets/${id}` : `/nodes/${id}`);
