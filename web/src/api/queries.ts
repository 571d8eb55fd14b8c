import { MutationCache, QueryCache, QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { call, Problem } from './client';
import { wholeAddress } from './listAddress';
import type { Access, FieldTemplate, FileSetDetail, HistoryEntry, Me, MetadataView, NewFieldTemplate, Node, ObjectFields, Page, PastFieldValue, Person, Placement, Remark, RemarkVersion, Sample, TagUse, TrashItem, Unit, VocabularyTerm } from './types';

/** A sign-in that ran out sends to the sign-in page, from where one comes back to the same view. */
const onError = (error: unknown) => {
  if (error instanceof Problem && error.status === 401) queryClient.setQueryData(keys.me, null);
};

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Refusals are final; only a hub that did not answer is asked again.
      retry: (failures, error) => error instanceof Problem && error.unreachable && failures < 3,
    },
  },
});

export const keys = {
  me: ['me'] as const,
  status: ['status'] as const,
  homes: (kind: 'projects' | 'spaces' | 'shared') => ['homes', kind] as const,
  node: (id: string) => ['node', id] as const,
  children: (id: string) => ['children', id] as const,
  fileSets: (node?: string) => (node ? (['fileSets', node] as const) : (['fileSets'] as const)),
  fileSet: (id: string) => ['fileSet', id] as const,
  metadata: (id: string) => ['metadata', id] as const,
  events: (of: string) => ['events', of] as const,
  placements: (space: string) => ['placements', space] as const,
  access: (id: string) => ['access', id] as const,
  tags: (node?: string) => (node ? (['tags', node] as const) : (['tags'] as const)),
  trash: ['trash'] as const,
  facets: (query?: string) => (query === undefined ? (['facets'] as const) : (['facets', query] as const)),
  searchCount: (query?: string) => (query === undefined ? (['searchCount'] as const) : (['searchCount', query] as const)),
  savedSearches: ['savedSearches'] as const,
  fields: (id?: string) => (id ? (['fields', id] as const) : (['fields'] as const)),
  fieldTemplates: (project: string) => ['fieldTemplates', project] as const,
  remarks: (of: string) => ['remarks', of] as const,
  remarkVersions: (id: string) => ['remarkVersions', id] as const,
  metadataViews: (project: string) => ['metadataViews', project] as const,
  vocabulary: ['vocabulary'] as const,
};

const me = queryOptions({
  queryKey: keys.me,
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }) => {
    try {
      return await call<Me>('/me', { signal });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

/** Who is signed in; null for nobody. */
export const useMe = () => useQuery(me);

/** A list that is asked for to its end; for lists that stay in the hundreds. */
export async function allOf<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const at: string = `${wholeAddress(path)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const page: Page<T> | T[] = await call(at, signal ? { signal } : {});
    if (Array.isArray(page)) return page;
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

/** Where one begins: one's projects and spaces, and what is shared out of projects that one does not see as a whole. */
export type Homes = 'projects' | 'spaces' | 'shared';

export const homesOf = (kind: Homes) => queryOptions({ queryKey: keys.homes(kind), queryFn: ({ signal }) => allOf<Node>(`/${kind}`, signal) });

export const useHomes = (kind: Homes, enabled = true) => useQuery({ ...homesOf(kind), enabled });

/** Takes up what every view needs before the first of them is drawn. */
export const askAhead = (): void => void queryClient.prefetchQuery(me);

export const useNode = (id: string, enabled = true) => useQuery({ queryKey: keys.node(id), enabled, queryFn: ({ signal }) => call<Node>(`/nodes/${id}`, { signal }) });

export const childrenOf = (id: string) => queryOptions({ queryKey: keys.children(id), queryFn: ({ signal }) => allOf<Node>(`/nodes/${id}/children`, signal) });

export const useChildren = (id: string, enabled = true) => useQuery({ ...childrenOf(id), enabled });

export const useFileSet = (id: string, enabled = true) =>
  useQuery({ queryKey: keys.fileSet(id), enabled, queryFn: ({ signal }) => call<FileSetDetail>(`/file-sets/${id}`, { signal }) });

export const useEvents = (of: 'nodes' | 'file-sets', id: string, enabled = true) =>
  useQuery({ queryKey: keys.events(id), enabled, queryFn: ({ signal }) => call<Page<HistoryEntry>>(`/${of}/${id}/events?limit=200`, { signal }) });

/** What a space shows, and what that grants. */
export const usePlacements = (space: string) => useQuery({ queryKey: keys.placements(space), queryFn: ({ signal }) => allOf<Placement>(`/spaces/${space}/placements`, signal) });
export const useAccess = (id: string) => useQuery({ queryKey: keys.access(id), queryFn: ({ signal }) => call<Access>(`/nodes/${id}/access`, { signal }) });

export const useTrash = () => useQuery({ queryKey: keys.trash, queryFn: ({ signal }) => allOf<TrashItem>('/trash', signal) });

/** Tags in use at or below a node, to be proposed where one tags. */
export const useTags = (node: string | null) =>
  useQuery({ queryKey: keys.tags(node ?? ''), enabled: node !== null, queryFn: ({ signal }) => allOf<TagUse>(`/nodes/${node}/tags`, signal) });

/** After file sets were changed, moved, trashed or restored: everything that shows them is asked for again. */
export function setsChanged(): void {
  for (const key of [keys.fileSets(), ['fileSet'], ['events'], keys.facets(), keys.searchCount()]) void queryClient.invalidateQueries({ queryKey: key });
}
/** Whatever people write about: a node or a file set. */
export type Described = 'nodes' | 'file-sets';
export const useFields = (of: Described, id: string) => useQuery({ queryKey: keys.fields(id), queryFn: ({ signal }) => call<ObjectFields>(`/${of}/${id}/fields`, { signal }) });
export const useFieldHistory = (of: Described, id: string) =>
  useQuery({ queryKey: [...keys.fields(id), 'history'], queryFn: ({ signal }) => call<Page<PastFieldValue>>(`/${of}/${id}/fields/history?limit=1000`, { signal }) });
export const useFieldTemplates = (project: string) =>
  useQuery({ queryKey: keys.fieldTemplates(project), queryFn: ({ signal }) => allOf<FieldTemplate>(`/nodes/${project}/field-templates`, signal) });
/** What is the same as long as the hub runs. */
export const useStandardTemplates = () => useQuery({ queryKey: ['standardTemplates'], staleTime: Infinity, queryFn: ({ signal }) => call<NewFieldTemplate[]>('/field-templates/standard', { signal }) });
export const useUnits = () => useQuery({ queryKey: ['units'], staleTime: Infinity, queryFn: ({ signal }) => call<Unit[]>('/units', { signal }) });
export const usePeople = (enabled: boolean) => useQuery({ queryKey: ['people'], enabled, queryFn: ({ signal }) => allOf<Person>('/people', signal) });
export const useSamples = (project: string, enabled: boolean) => useQuery({ queryKey: ['samples', project], enabled, queryFn: ({ signal }) => allOf<Sample>(`/samples?project=${project}`, signal) });
/** What notes and comments are about, as the API's addresses name it. */
export type About = 'nodes' | 'file-sets';
export const useRemarks = (of: About, id: string, kind: 'notes' | 'comments') =>
  useQuery({ queryKey: [...keys.remarks(id), kind], queryFn: ({ signal }) => allOf<Remark>(`/${of}/${id}/${kind}`, signal) });
/** The present text of a note or comment and its earlier ones, newest first. */
export const useRemarkVersions = (id: string) =>
  useQuery({ queryKey: keys.remarkVersions(id), staleTime: 0, queryFn: ({ signal }) => allOf<RemarkVersion>(`/remarks/${id}/versions`, signal) });
export const useMetadataViews = (project: string) =>
  useQuery({ queryKey: keys.metadataViews(project), queryFn: ({ signal }) => allOf<MetadataView>(`/nodes/${project}/metadata-views`, signal) });
/** The terms that readers, search and forms use; they change with the hub's version only. */
export const useVocabulary = () => useQuery({ queryKey: keys.vocabulary, staleTime: Infinity, queryFn: ({ signal }) => call<VocabularyTerm[]>('/vocabulary', { signal }) });

/** After a node was made, changed, trashed or restored: everything that lists nodes is asked for again. */
export function nodesChanged(): void {
  for (const key of ['homes', 'node', 'children', 'trash', 'events']) void queryClient.invalidateQueries({ queryKey: [key] });
}
