import { call } from '../api/client';
import { keys, queryClient, setsChanged } from '../api/queries';
import type { FileSetDetail } from '../api/types';
import { say, sayProblem } from '../shared/toasts';

/** Gives a file set these tags, with a way back. */
export async function saveTags(set: Pick<FileSetDetail, 'id' | 'tags' | 'version'>, tags: string[]): Promise<void> {
  const changed = await call<FileSetDetail>(`/file-sets/${set.id}`, { method: 'PATCH', json: { tags }, version: set.version });
  queryClient.setQueryData(keys.fileSet(set.id), changed);
  setsChanged();
  void queryClient.invalidateQueries({ queryKey: keys.tags() });
  say('The tags are changed.', { label: 'Undo', run: () => void saveTags(changed, set.tags).catch(sayProblem) });
}
