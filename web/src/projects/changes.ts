import { call } from '../api/client';
import { keys, nodesChanged, queryClient, setsChanged } from '../api/queries';
import type { FileSet, FileSetDetail, Node, NodeKind, Restored } from '../api/types';
import { say, sayProblem } from '../shared/toasts';

export const createHome = (kind: 'project' | 'space', name: string) => call<Node>(kind === 'project' ? '/projects' : '/spaces', { method: 'POST', json: { name } });

export const createChild = (parent: string, kind: 'collection' | 'dataset', name: string) =>
  call<Node>(`/nodes/${parent}/children`, { method: 'POST', json: { kind, name } });

export type NodeChange = Partial<Pick<Node, 'name' | 'description' | 'tags'>>;

export async function changeNode(node: Node, change: NodeChange): Promise<Node> {
  const changed = await call<Node>(`/nodes/${node.id}`, { method: 'PATCH', json: change, version: node.version });
  queryClient.setQueryData<Node>(keys.node(node.id), (old) => (old ? { ...old, ...changed, path: changed.path ?? old.path, counts: changed.counts ?? old.counts } : changed));
  nodesChanged();
  // File sets tell the name of their dataset.
  if (change.name) setsChanged();
  return changed;
}

/** Changes a node where it stands, and offers to take that back. */
export async function editNode(node: Node, change: NodeChange, words: string): Promise<void> {
  const before = Object.fromEntries(Object.keys(change).map((member) => [member, node[member as keyof NodeChange]])) as NodeChange;
  const changed = await changeNode(node, change);
  if (change.tags) void queryClient.invalidateQueries({ queryKey: keys.tags() });
  say(words, { label: 'Undo', run: () => void changeNode(changed, before).catch(sayProblem) });
}

export async function moveNode(node: Node, to: Pick<Node, 'id' | 'name'>): Promise<void> {
  await call(`/nodes/${node.id}/move`, { method: 'POST', json: { parentId: to.id }, version: node.version });
  nodesChanged();
  void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
  const { parentId } = node;
  say(`“${node.name}” is now in “${to.name}”.`, parentId ? { label: 'Undo', run: () => void moveNodeBack(node.id, parentId).catch(sayProblem) } : undefined);
}

async function moveNodeBack(id: string, parentId: string): Promise<void> {
  const { version } = await call<Node>(`/nodes/${id}`);
  await call(`/nodes/${id}/move`, { method: 'POST', json: { parentId }, version });
  nodesChanged();
  void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
}

export async function moveFileSet(set: Pick<FileSet, 'id' | 'name' | 'version'>, to: Node): Promise<void> {
  await call(`/file-sets/${set.id}/move`, { method: 'POST', json: { datasetId: to.id }, version: set.version });
  nodesChanged();
  void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
  await queryClient.invalidateQueries({ queryKey: keys.fileSet(set.id) });
  say(`“${set.name}” is now in “${to.name}”.`);
}

/** Gives a single file another path in its dataset, and offers to take that back. */
export async function renameFile(set: Pick<FileSet, 'id' | 'name' | 'version'>, fileId: string, to: string): Promise<void> {
  await call(`/files/${fileId}`, { method: 'PATCH', json: { path: to }, version: set.version });
  nodesChanged();
  void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
  const changed = await queryClient.fetchQuery({ queryKey: keys.fileSet(set.id), queryFn: () => call<FileSetDetail>(`/file-sets/${set.id}`), staleTime: 0 });
  say(`“${set.name}” is now “${to}”.`, { label: 'Undo', run: () => void renameFile(changed, fileId, set.name).catch(sayProblem) });
}

/** Moves to the trash, leaves the view of what is no longer there, and offers to take it back. */
export async function trashNode(node: Node, leave: () => void | Promise<void>): Promise<void> {
  const { trashId } = await call<{ trashId: string }>(`/nodes/${node.id}`, { method: 'DELETE', version: node.version });
  await leave();
  afterTrash(node.name, trashId);
}

export async function trashFileSet(set: Pick<FileSet, 'id' | 'name' | 'version'>, leave: () => void | Promise<void>): Promise<void> {
  const { trashId } = await call<{ trashId: string }>(`/file-sets/${set.id}`, { method: 'DELETE', version: set.version });
  await leave();
  void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
  afterTrash(set.name, trashId);
}

function afterTrash(name: string, trashId: string): void {
  nodesChanged();
  say(`“${name}” is in the trash.`, { label: 'Undo', run: () => void restore(trashId, name) });
}

export const restoreTrashed = (trashId: string) => call<Restored>(`/trash/${trashId}/restore`, { method: 'POST' });

export async function restore(trashId: string, name: string): Promise<void> {
  try {
    const restored = await restoreTrashed(trashId);
    nodesChanged();
    void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
    say(restored.name === name ? `“${name}” is back in its place.` : `“${name}” is back, as “${restored.name}”: its name was taken meanwhile.`);
  } catch (error) {
    sayProblem(error);
  }
}

export async function removeDemo(): Promise<void> {
  await call('/demo', { method: 'DELETE' });
  nodesChanged();
  void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
  say('The demo data is in the trash.');
}

export const KIND: Record<NodeKind, string> = { project: 'Project', collection: 'Collection', dataset: 'Dataset', space: 'Space' };
