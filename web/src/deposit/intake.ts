import { useSyncExternalStore } from 'react';
import type { Place } from '../app/place';
import { say } from '../shared/toasts';
import { count } from '../shared/format';
import { isZip, type PlacedFile } from './folders';
import { queue } from './uploader';

/** Files that were dropped or picked and need one more answer: where to, or whether to unpack. */
export interface Intake {
  files: PlacedFile[];
  place: Place | null;
}

let intake: Intake | null = null;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useIntake = () => useSyncExternalStore(subscribe, () => intake);

export function setIntake(next: Intake | null): void {
  intake = next;
  for (const listener of listeners) listener();
}

/** Takes files in: at once where nothing is left to ask. */
export function take(files: PlacedFile[], place: Place | null, refused: string[] = []): void {
  if (refused.length) say(`The browser could not read ${count(refused.length, 'folder or file', 'folders or files')}: ${refused.slice(0, 3).join(', ')}${refused.length > 3 ? ' …' : ''}`, undefined, 'problem');
  if (!files.length) {
    if (!refused.length) say('There were no files in what was dropped.');
    return;
  }
  if (place && !place.canAdd) return say(place.kind === 'space' ? 'Files live in projects. Open a project, then drop them there.' : `You may look at “${place.name}”, but not add to it. Ask someone who manages it for the editor role.`, undefined, 'problem');
  if (place && !files.some(({ path }) => isZip(path))) return begin(files, place, false);
  setIntake({ files, place });
}

export function begin(files: PlacedFile[], to: { id: string; name: string }, unpack: boolean): void {
  queue.add(files, { node: to.id, nodeName: to.name, unpack, isUnpacked: isZip });
}
