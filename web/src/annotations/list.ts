import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client';
import { queryClient } from '../api/queries';
import type { Annotation, AnnotationPage, Calibration } from '../api/types';
import type { Drawn } from './shapes';

/** The annotations of one image. */
export interface AnnotationList {
  /** Whether these are all; else more are on their way. */
  isWhole: boolean;
  items: Annotation[];
  calibration: Calibration | null;
}

export type Description = Pick<Annotation, 'label' | 'tags' | 'note'>;
export type Change = Partial<Description & { points: number[] }>;

/** The first page is small, so that something is seen at once. */
const FIRST_PAGE = 2_000;
const PAGE = 20_000;
const EMPTY: AnnotationList = { isWhole: false, items: [], calibration: null };

/** The place of an image's annotations in the API, and in the query cache. */
export const pathOf = (set: string, image: number) => `/file-sets/${set}/images/${image}/annotations`;
const keyOf = (path: string) => ['annotations', path] as const;

export const useAnnotationList = (path: string, enabled: boolean) =>
  useQuery({
    queryKey: keyOf(path),
    enabled,
    staleTime: 60_000,
    // A hundred thousand need not be compared one by one with those that were there before.
    structuralSharing: false,
    queryFn: async ({ signal }) => {
      // Those of an earlier answer stay in sight until all of the new one are there; the first ones are shown page by page.
      const isFirst = queryClient.getQueryData(keyOf(path)) === undefined;
      const list: AnnotationList = { ...EMPTY };
      let cursor: string | null = null;
      do {
        const page: AnnotationPage = await call(`${path}?limit=${cursor ? PAGE : FIRST_PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, { signal });
        // What is shown already may have been changed here meanwhile.
        list.items = withMore(isFirst ? inCache(path).items : list.items, page.items);
        list.calibration = page.calibration ?? null;
        cursor = page.next ?? null;
        if (isFirst && cursor) queryClient.setQueryData<AnnotationList>(keyOf(path), { ...list });
      } while (cursor);
      return { ...list, isWhole: true };
    },
  });

/** Of those that are known already the known ones stay. */
export function withMore(known: Annotation[], more: Annotation[]): Annotation[] {
  const ids = new Set(known.map(({ id }) => id));
  return known.concat(more.filter(({ id }) => !ids.has(id)));
}

const inCache = (path: string) => queryClient.getQueryData<AnnotationList>(keyOf(path)) ?? EMPTY;

function setItems(path: string, to: (items: Annotation[]) => Annotation[]): void {
  queryClient.setQueryData<AnnotationList>(keyOf(path), (list) => list && { ...list, items: to(list.items) });
}

export const find = (path: string, id: string) => inCache(path).items.find((item) => item.id === id);

export async function add(path: string, drawn: Drawn, description: Partial<Description> = {}): Promise<Annotation> {
  const { items } = await call<{ items: Annotation[] }>(path, { method: 'POST', json: { items: [{ kind: drawn.kind, points: drawn.points, ...description }] } });
  setItems(path, (old) => [...old, ...items]);
  return items[0]!;
}

/** Reads a GeoJSON file. */
export async function importFrom(path: string, geoJson: unknown): Promise<Annotation[]> {
  const { items } = await call<{ items: Annotation[] }>(`${path}/import`, { method: 'POST', json: geoJson });
  setItems(path, (old) => [...old, ...items]);
  return items;
}

/** Shows the change at once; where the hub refuses it, what the hub has is shown again. */
export async function change(path: string, id: string, change: Change): Promise<void> {
  const before = find(path, id);
  if (!before) return;
  const replace = (item: Annotation) => setItems(path, (old) => old.map((one) => (one.id === id ? item : one)));
  replace({ ...before, ...change });
  try {
    replace(await call<Annotation>(`${path}/${id}`, { method: 'PATCH', json: change, version: before.version }));
  } catch (error) {
    await refetch(path);
    throw error;
  }
}

/** @returns what puts them back */
export async function remove(path: string, ids: readonly string[]): Promise<string> {
  const { removalId } = await call<{ removalId: string }>(`${path}/remove`, { method: 'POST', json: { ids } });
  const gone = new Set(ids);
  setItems(path, (old) => old.filter(({ id }) => !gone.has(id)));
  return removalId;
}

export async function restore(path: string, removalId: string): Promise<void> {
  await call(`${path}/restore`, { method: 'POST', json: { removalId } });
  await refetch(path);
}

export const refetch = (path: string) => queryClient.invalidateQueries({ queryKey: keyOf(path) });
