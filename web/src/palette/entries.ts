import type { Node } from '../api/types';
import { addressOf, type Seen } from '../recent/recent';
import type { IconName } from '../shared/Icon';
import { match } from './fuzzy';

/** One line of the palette. */
export interface Entry {
  id: string;
  label: string;
  /** What it lies in, or what it is. */
  detail?: string | undefined;
  icon?: IconName | undefined;
  key?: string | undefined;
  /** How near it is to what one does, beside how well it matches. */
  nearness: number;
  run: () => void;
}

/** An entry with the places of the letters that were asked for. */
export interface Ranked extends Entry {
  at: readonly number[];
}

const MOST = 40;

/** Those that hold the letters, the best first; all, the nearest first, where nothing is asked for. */
export function ranked(query: string, entries: readonly Entry[]): Ranked[] {
  return entries
    .flatMap((entry) => {
      const found = match(query, entry.label);
      return found ? [{ ...entry, at: found.at, score: found.score + entry.nearness }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
}

/** The places that one can go to: what was seen last, and what the page knows of; each once. */
export function placesOf(recent: readonly Seen[], nodes: readonly Node[], go: (to: string) => void): Entry[] {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const seen = recent.map((one, i) => entry(one.id, one.name, one.kind, one.within, 2 - i / recent.length, go));
  const known = nodes.map((node) => entry(node.id, node.name, node.kind, node.parentId ? (names.get(node.parentId) ?? null) : node.createdBy.name && `${node.kind} by ${node.createdBy.name}`, 0.5, go));
  return [...new Map([...known, ...seen].map((one) => [one.id, one])).values()];
}

const entry = (id: string, name: string, kind: Seen['kind'], within: string | null, nearness: number, go: (to: string) => void): Entry => ({
  id, label: name, detail: within ?? undefined, icon: kind === 'fileSet' ? 'file' : kind, nearness, run: () => go(addressOf({ kind, id })),
});
