import { call } from '../api/client';
import { keys, queryClient } from '../api/queries';
import type { SavedSearch } from '../api/types';
import { say, sayProblem } from '../shared/toasts';

const changed = () => queryClient.invalidateQueries({ queryKey: keys.savedSearches });

export async function saveSearch(search: Pick<SavedSearch, 'name' | 'query' | 'view' | 'project'>): Promise<void> {
  await call('/saved-searches', { method: 'POST', json: search });
  await changed();
}

export async function renameSearch({ id, version }: SavedSearch, name: string): Promise<void> {
  await call(`/saved-searches/${id}`, { method: 'PATCH', json: { name }, version });
  await changed();
}

/** Forgets a saved search, and offers to keep it after all. */
export async function deleteSearch({ id, name, query, view, project }: SavedSearch): Promise<void> {
  await call(`/saved-searches/${id}`, { method: 'DELETE' });
  await changed();
  say(`The search “${name}” is forgotten.`, { label: 'Undo', run: () => void saveSearch({ name, query, view, project }).catch(sayProblem) });
}
