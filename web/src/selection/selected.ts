/** What is chosen of a list, and where the next range begins. */
export interface Selected {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const NOTHING: Selected = { ids: new Set(), anchor: null };

/** Chooses one, or leaves it out again; the next range begins there. */
export function toggled({ ids }: Selected, id: string): Selected {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Chooses all from the anchor to one, in the order of the list. Without an anchor in the list, that one alone. */
export function extended({ ids, anchor }: Selected, id: string, order: readonly string[]): Selected {
  const from = anchor === null ? -1 : order.indexOf(anchor);
  const to = order.indexOf(id);
  if (to < 0) return { ids, anchor };
  if (from < 0) return { ids: new Set([...ids, id]), anchor: id };
  return { ids: new Set([...ids, ...order.slice(Math.min(from, to), Math.max(from, to) + 1)]), anchor };
}

export const all = (order: readonly string[]): Selected => ({ ids: new Set(order), anchor: order[0] ?? null });

/** Those that the list shows now: what a filter hides, or somebody threw away, is not acted upon. */
export function shownOf<T extends { id: string }>({ ids }: Selected, list: readonly T[]): T[] {
  return ids.size ? list.filter(({ id }) => ids.has(id)) : [];
}
