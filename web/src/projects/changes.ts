import { call } from '../api/client';
import { keys, nodesChanged, queryClient } from '../api/queries';
import type { FileSet, FileSetDetail, Node, NodeKind, Restored } from '../api/types';
import { say, sayProblem } from '../shared/toasts';

export const createHome = (kind: 'project' | 'space', name: string) => call<Node>(kind === 'project' ? '/projects' : '/spaces', { method: 'POST', json: { name } });

export const createChild = (parent: string, kind: 'collection' | 'dataset', name: string) =>
  call<Node>(`/nodes/${parent}/children`, { method: 'POST', json: { kind, name } });

export type NodeChange = Partial<Pick<Node, 'name' | 'description' | 'tags'>>;

export async function changeNode(node: Node, change: NodeChange): Promise<void> {
  const changed = await call<Node>(`/nodes/${node.id}`, { method: 'PATCH', json: change, version: node.version });
  if (changed) queryClient.setQueryData<Node>(keys.node(node.id), (old) => (old ? { ...old, ...changed, path: changed.path ?? old.path, counts: changed.counts ?? old.counts } : changed));
  nodesChanged();
}

export async function moveNode(node: Node, to: Node): Promise<void> {
  await call(`/nodes/${node.id}/move`, { method: 'POST', json: { parentId: to.id }, version: node.version });
  nodesChanged();
  void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
  say(`“${node.name}” is now in “${to.name}”.`);
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

export async function restore(trashId: string, name: string): Promise<void> {
  try {
    const restored = await call<Restored>(`/trash/${trashId}/restore`, { method: 'POST' });
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
