import { useEffect } from 'react';
import { address, API, call } from './client';
import type { Sheet } from './lists';
import { keys, queryClient } from './queries';
import type { FileSet, FileSetDetail, LiveFields, LiveFileSet, LiveNode, LiveRemark } from './types';

/**
 * One event stream for the whole page (HTTP/1.1 gives six connections per origin), for the node that is being looked at.
 * What it tells goes straight into the query cache.
 */
let stream: EventSource | null = null;
let watched: string | null = null;

const listeners = new Set<(live: LiveFileSet) => void>();

/** Tells of every change of a file set that the stream tells of. */
export function onFileSet(listener: (live: LiveFileSet) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Watches the node while the calling view is open. The last caller decides. */
export function useWatch(node: string | null | undefined): void {
  useEffect(() => {
    if (!node || node === watched) return;
    watched = node;
    open(node);
  }, [node]);
}

export function stopWatching(): void {
  watched = null;
  stream?.close();
  stream = null;
}

function open(node: string): void {
  stream?.close();
  stream = new EventSource(address(`${API}/live?node=${encodeURIComponent(node)}`));
  let wasOpen = false;
  stream.addEventListener('open', () => {
    // What happened while the stream was down was told to nobody.
    if (wasOpen) void queryClient.invalidateQueries({ predicate: ({ queryKey }) => ['fileSets', 'fileSet', 'children', 'node', 'remarks', 'fields'].includes(String(queryKey[0])) });
    wasOpen = true;
  });
  stream.addEventListener('fileSet', (event) => fileSetChanged(JSON.parse((event as MessageEvent<string>).data) as LiveFileSet));
  stream.addEventListener('remark', (event) => remarkChanged(JSON.parse((event as MessageEvent<string>).data) as LiveRemark));
  stream.addEventListener('fields', (event) => void queryClient.invalidateQueries({ queryKey: keys.fields((JSON.parse((event as MessageEvent<string>).data) as LiveFields).objectId) }));
  stream.addEventListener('node', (event) => nodeChanged(JSON.parse((event as MessageEvent<string>).data) as LiveNode));
}

function fileSetChanged(live: LiveFileSet): void {
  for (const listener of listeners) listener(live);
  const known = patch(live.id, (set) => ({
    ...set,
    reading: live.reading,
    readingNote: live.readingNote,
    task: live.reading === 'reading' || live.reading === 'waiting' ? { attempt: set.task?.attempt ?? 1, state: live.reading, progress: live.progress, note: live.readingNote } : null,
  }));
  queryClient.setQueryData<FileSetDetail>(keys.fileSet(live.id), (set) => set && { ...set, reading: live.reading, readingNote: live.readingNote });
  if (!known) listsGrew();
  else if (live.reading === 'read' || live.reading === 'no_reader' || live.reading === 'failed') finished.add(live.id);
  if (finished.size) void fetchFinished();
}

function remarkChanged({ objectId, id }: LiveRemark): void {
  for (const queryKey of [keys.remarks(objectId), keys.remarkVersions(id), keys.events(objectId)]) void queryClient.invalidateQueries({ queryKey });
}

const changedNodes = new Map<string, LiveNode>();

/** Nodes change in numbers while folders arrive; what they concern is asked for once a second. */
function nodeChanged(node: LiveNode): void {
  if (!changedNodes.size) setTimeout(() => {
    for (const { id, parentId } of changedNodes.values()) {
      void queryClient.invalidateQueries({ queryKey: keys.node(id) });
      // What stands at a node counts for all below it.
      void queryClient.invalidateQueries({ queryKey: keys.fields() });
      void queryClient.invalidateQueries({ queryKey: parentId ? keys.children(parentId) : ['homes'] });
    }
    changedNodes.clear();
  }, 1000);
  changedNodes.set(node.id, node);
}

/** Applies a change to a file set in every list that holds it; false where none does. */
function patch(id: string, to: (set: FileSet) => FileSet): boolean {
  let found = false;
  queryClient.setQueriesData<Sheet>({ queryKey: keys.fileSets() }, (sheet) => {
    const at = sheet?.items.findIndex((set) => set.id === id) ?? -1;
    if (!sheet || at < 0) return sheet;
    found = true;
    return { ...sheet, items: sheet.items.with(at, to(sheet.items[at]!)) };
  });
  return found;
}

let growing: ReturnType<typeof setTimeout> | undefined;

let grownAt = 0;

/** Thousands of files may arrive in a second; the lists are asked for again soon, and then at most every other second. */
function listsGrew(): void {
  growing ??= setTimeout(() => {
    growing = undefined;
    grownAt = performance.now();
    void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
    void queryClient.invalidateQueries({ queryKey: ['children'] });
    void queryClient.invalidateQueries({ queryKey: ['node'] });
  }, performance.now() - grownAt > 2000 ? 200 : 2000);
}

const finished = new Set<string>();
let fetching = false;

/** Gets pictures and format of sets that were just read: single ones by themselves, many with their list. */
async function fetchFinished(): Promise<void> {
  if (fetching) return;
  fetching = true;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const ids = [...finished];
  finished.clear();
  if (ids.length > 8) listsGrew();
  else await Promise.allSettled(ids.map(refresh));
  fetching = false;
  if (finished.size) void fetchFinished();
}

async function refresh(id: string): Promise<void> {
  const set = await call<FileSetDetail>(`/file-sets/${id}`);
  queryClient.setQueryData(keys.fileSet(id), set);
  void queryClient.invalidateQueries({ queryKey: keys.metadata(id) });
  patch(id, () => set);
}
