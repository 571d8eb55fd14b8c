import { address, API, call, guestHeader, Problem } from '../api/client';
import { keys, nodesChanged, queryClient, setsChanged } from '../api/queries';
import type { FileSet, MovedFileSets, Node, Refused, RestoredMany, TaggedFileSets, TrashedFileSet, TrashedFileSets } from '../api/types';
import { createChild } from '../projects/changes';
import { count } from '../shared/format';
import { say, sayProblem, sayWhile } from '../shared/toasts';
import { acted } from './acted';

type Sets = readonly Pick<FileSet, 'id' | 'name' | 'version' | 'tags'>[];

/** So many go in one request: they are one transaction, for which others wait. */
const IN_A_REQUEST = 1000;

interface Outcome<T, R> {
  done: [T, R][];
  refused: { item: T; why: string }[];
}

/** What the hub answers about many: some are done, others refused. */
interface Answer<R> {
  done: readonly R[];
  refused: readonly Refused[];
}

/**
 * Asks the same of all, many in a request; what is refused does not keep the others.
 * @param doing what is done, in a word for whoever waits
 * @param idOf what the hub calls an item in its answer
 * @param idOfResult of which item a result is
 */
export async function withAll<T, R>(doing: string, items: readonly T[], ask: (some: readonly T[]) => Promise<Answer<R>>, idOf: (item: T) => string, idOfResult: (result: R) => string): Promise<Outcome<T, R>> {
  const outcome: Outcome<T, R> = { done: [], refused: [] };
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const words = () => `${doing} ${(outcome.done.length + outcome.refused.length).toLocaleString('en-US')} of ${count(items.length, 'file')}…`;
  const told = items.length > IN_A_REQUEST ? sayWhile(words()) : null;
  for (let from = 0; from < items.length; from += IN_A_REQUEST) {
    const some = items.slice(from, from + IN_A_REQUEST);
    try {
      const { done, refused } = await ask(some);
      for (const one of done) outcome.done.push([byId.get(idOfResult(one))!, one]);
      for (const { id, detail } of refused) outcome.refused.push({ item: byId.get(id)!, why: detail });
    } catch (error) {
      // All of them are refused for one reason.
      for (const item of some) outcome.refused.push({ item, why: error instanceof Error ? error.message : String(error) });
    }
    told?.tell(words());
  }
  told?.end();
  return outcome;
}

/** Says what came of it, with a way back; where none went, that is an error. */
function tell<T extends { name: string }, R>({ done, refused }: Outcome<T, R>, words: (n: string) => string, undo: () => Promise<unknown>): void {
  setsChanged();
  const first = refused[0];
  if (first && !done.length) throw new Error(refused.length === 1 ? first.why : `None of ${count(refused.length, 'file')} was changed. “${first.item.name}”: ${first.why}`);
  if (done.length) say(words(count(done.length, 'file')), { label: 'Undo', run: () => void undo().catch(sayProblem) });
  if (first) sayProblem(new Error(`${count(refused.length, 'file')} stayed as they were. “${first.item.name}”: ${first.why}`));
}

/** The tags of one after some were added and some taken away; null where nothing changes. */
export function tagsAfter(tags: readonly string[], add: readonly string[], remove: readonly string[]): string[] | null {
  const after = [...new Set([...tags.filter((tag) => !remove.includes(tag)), ...add])];
  return after.length === tags.length && after.every((tag) => tags.includes(tag)) ? null : after;
}

export async function tagSets(sets: Sets, add: readonly string[], remove: readonly string[]): Promise<void> {
  const changes = sets.flatMap((set) => {
    const after = tagsAfter(set.tags, add, remove);
    return after ? [{ ...set, after }] : [];
  });
  if (changes.length) await retag(changes);
  else say('They have these tags already.');
}

async function retag(changes: readonly (Sets[number] & { after: readonly string[] })[]): Promise<void> {
  const outcome = await withAll('Tagging', changes, async (some) => {
    const { changed, refused } = await call<TaggedFileSets>('/file-sets/tag', { method: 'POST', json: { fileSets: some.map(({ id, version, after }) => ({ id, version, tags: after })) } });
    return { done: changed, refused };
  }, ({ id }) => id, ({ id }) => id);
  void queryClient.invalidateQueries({ queryKey: keys.tags() });
  acted({ changed: outcome.done.map(([{ after }, set]) => ({ ...set, tags: [...after] })) });
  tell(outcome, (n) => `The tags of ${n} are changed.`, () => retag(outcome.done.map(([set, { version }]) => ({ ...set, version, tags: [...set.after], after: set.tags }))));
}

export async function trashSets(sets: Sets): Promise<void> {
  const outcome = await withAll('Throwing away', sets, async (some) => {
    const { trashed, refused } = await call<TrashedFileSets>('/file-sets/trash', { method: 'POST', json: { fileSets: some.map(({ id, version }) => ({ id, version })) } });
    return { done: trashed, refused };
  }, ({ id }) => id, ({ id }) => id);
  nodesChanged();
  acted({ gone: outcome.done.map(([{ id }]) => id) });
  tell(outcome, (n) => `${n} went to the trash.`, () => putBack(outcome.done.map(([, trashed]) => trashed)));
}

/** Of what came back the hub tells the file sets, of what did not the numbers in the trash. */
async function putBack(trashed: readonly TrashedFileSet[]): Promise<void> {
  const back = await withAll('Putting back', trashed, async (some) => {
    const { restored, refused } = await call<RestoredMany>('/trash/restore', { method: 'POST', json: { trashIds: some.map(({ trashId }) => trashId) } });
    const isBack = new Set(restored.map(({ id }) => id));
    return { done: some.filter(({ id }) => isBack.has(id)), refused };
  }, ({ trashId }) => trashId, ({ trashId }) => trashId);
  nodesChanged();
  setsChanged();
  if (back.refused[0]) throw new Error(back.refused[0].why);
  say(`${count(back.done.length, 'file')} are back in their place.`);
}

const postMove = (datasetId: string, fileSets: readonly { id: string; version?: number }[]) => call<MovedFileSets>('/file-sets/move', { method: 'POST', json: { datasetId, fileSets } });

/** Puts each back where it was. */
async function moveBack({ fileSets }: MovedFileSets): Promise<void> {
  for (const from of new Set(fileSets.map(({ fromDatasetId }) => fromDatasetId))) {
    const { fileSets: back } = await postMove(from, fileSets.filter(({ fromDatasetId }) => fromDatasetId === from).map(({ id, version }) => ({ id, version })));
    acted({ changed: back.map(({ id, version }) => ({ id, version, datasetId: from })) });
  }
  nodesChanged();
  setsChanged();
}

async function move(sets: Sets, datasetId: string): Promise<MovedFileSets> {
  const moved = await postMove(datasetId, sets.map(({ id, version }) => ({ id, version })));
  acted({ changed: moved.fileSets.map(({ id, version }) => ({ id, version, datasetId })) });
  nodesChanged();
  setsChanged();
  return moved;
}

export async function moveSets(sets: Sets, to: Pick<Node, 'id' | 'name'>): Promise<void> {
  const moved = await move(sets, to.id);
  say(`${count(moved.fileSets.length, 'file')} moved to “${to.name}”.`, { label: 'Undo', run: () => void moveBack(moved).catch(sayProblem) });
}

/** Makes a dataset and moves them into it. Where they cannot go, it is not left behind. */
export async function moveToNewDataset(sets: Sets, parent: string, name: string): Promise<void> {
  const made = await createChild(parent, 'dataset', name);
  const discard = () => call(`/nodes/${made.id}`, { method: 'DELETE', version: made.version });
  try {
    const moved = await move(sets, made.id);
    say(`${count(moved.fileSets.length, 'file')} moved to the new dataset “${made.name}”.`, { label: 'Undo', run: () => void moveBack(moved).then(discard).then(nodesChanged).catch(sayProblem) });
  } catch (error) {
    await discard();
    nodesChanged();
    throw error;
  }
}

const ZIP = `${API}/downloads/zip`;

/** Has the browser save them as one archive, straight to disk. Asked first, so that a refusal is told here and does not take the page's place. */
export async function downloadZip(ids: readonly string[], size: string): Promise<void> {
  const asked = new AbortController();
  const response = await fetch(ZIP, { method: 'POST', headers: guestHeader(), body: new URLSearchParams({ ids: ids.join(',') }), signal: asked.signal }).catch(() => {
    throw Problem.gone;
  });
  if (!response.ok) throw await Problem.of(response);
  asked.abort();
  const form = document.createElement('form');
  form.method = 'post';
  form.action = address(ZIP);
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'ids';
  field.value = ids.join(',');
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
  say(`${count(ids.length, 'file')}, ${size}, come as one zip archive. The browser shows how far it is.`);
}
