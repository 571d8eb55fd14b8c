import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { call } from '../api/client';
import { queryClient } from '../api/queries';
import type { FileRereading, KeyDifference, Page, ReadersState, RereadFile, RereadingRecord } from '../api/types';

const READERS = ['readers'];
const BATCHES = ['rereadings'];
/** How often what goes on is asked for. */
const PACE = 2000;

const isOpen = ({ state }: RereadingRecord) => state === 'running' || state === 'paused';

export const useBatches = () => useQuery<Page<RereadingRecord>>({
  queryKey: BATCHES,
  refetchInterval: ({ state }) => (state.data?.items.some(isOpen) ? PACE : false),
  queryFn: ({ signal }) => call<Page<RereadingRecord>>('/rereadings?limit=20', { signal }),
});

/** @param isBusy Files are being read again, so that the numbers change. */
export const useReaders = (isBusy: boolean) => useQuery({ queryKey: READERS, refetchInterval: isBusy ? 5 * PACE : false, queryFn: ({ signal }) => call<ReadersState>('/readers', { signal }) });

export const useBatch = (id: string) => useQuery<RereadingRecord>({
  queryKey: [...BATCHES, id],
  refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? PACE : false),
  queryFn: ({ signal }) => call<RereadingRecord>(`/rereadings/${id}`, { signal }),
});

const pages = <T>(path: string, key: readonly unknown[], enabled = true) => ({
  queryKey: key,
  enabled,
  initialPageParam: '',
  queryFn: ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) => call<Page<T>>(`${path}${path.includes('?') ? '&' : '?'}limit=50${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, { signal }),
  getNextPageParam: (page: Page<T>) => page.next ?? undefined,
});

/** @param done Files that came to an end so far: with more of them the answer is another. */
export const useKeys = (id: string, done: number) => useInfiniteQuery({ ...pages<KeyDifference>(`/rereadings/${id}/keys`, [...BATCHES, id, 'keys', done]), placeholderData: keepPreviousData });

/** @param of <c>outcome=failed</c> or <c>key=…</c>. */
export const useFilesOf = (id: string, of: string) => useInfiniteQuery(pages<RereadFile>(`/rereadings/${id}/files?${of}`, [...BATCHES, id, 'files', of]));

export const useFileRereadings = (set: string) => useQuery({ queryKey: ['fileSet', set, 'rereadings'], queryFn: ({ signal }) => call<Page<FileRereading>>(`/file-sets/${set}/rereadings?limit=20`, { signal }) });

export const startBatch = (choice: { choice: string; format?: string | null; nodeId?: string | null }) => call<RereadingRecord>('/rereadings', { method: 'POST', json: choice });

export const moveBatch = ({ id, state }: { id: string; state: 'running' | 'paused' | 'cancelled' }) => call<RereadingRecord>(`/rereadings/${id}`, { method: 'PATCH', json: { state } });

export const batchesChanged = () => Promise.all([queryClient.invalidateQueries({ queryKey: READERS }), queryClient.invalidateQueries({ queryKey: BATCHES })]);
