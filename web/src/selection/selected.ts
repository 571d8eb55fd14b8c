/** Something with an identity that the hub keeps versions of. */
export interface Versioned {
  id: string;
  version: number;
}

/** What is chosen, as it was known last, and where the next range begins. */
export interface Selected<T extends Versioned> {
  readonly items: ReadonlyMap<string, T>;
  /** Its place counts in that list only. */
  readonly anchor: { readonly id: string; readonly index: number; readonly list: string } | null;
}

export const nothing = <T extends Versioned>(): Selected<T> => ({ items: new Map(), anchor: null });

/** Chooses the one at a place, or leaves it out again; the next range begins there. */
export function toggled<T extends Versioned>({ items }: Selected<T>, item: T, index: number, list: string): Selected<T> {
  const next = new Map(items);
  if (!next.delete(item.id)) next.set(item.id, item);
  return { items: next, anchor: { id: item.id, index, list } };
}

/** Chooses more, in their order; the range began at the anchor. */
export function added<T extends Versioned>({ items, anchor }: Selected<T>, more: readonly T[], from: Selected<T>['anchor'] = anchor): Selected<T> {
  return { items: new Map([...items, ...more.map((item) => [item.id, item] as const)]), anchor: from };
}

/** What is chosen without some that are no longer there. */
export function without<T extends Versioned>({ items, anchor }: Selected<T>, ids: readonly string[]): Selected<T> {
  const gone = new Set(ids);
  return { items: new Map([...items].filter(([id]) => !gone.has(id))), anchor };
}

/** What is chosen, with what has become of it since: whoever changes it names its version. */
export function renewed<T extends Versioned>(selected: Selected<T>, known: Iterable<T>): Selected<T> {
  let items: Map<string, T> | null = null;
  for (const item of known) if ((selected.items.get(item.id)?.version ?? Infinity) < item.version) (items ??= new Map(selected.items)).set(item.id, item);
  return items ? { ...selected, items } : selected;
}
