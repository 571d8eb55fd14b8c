/**
 * The upload queue as a pure state machine: what is waiting, moving, stored and read, and what may start next.
 * Bytes are moved elsewhere (`uploader.ts`), which reports here.
 */
import { kindOfName } from '../files/content/kind';

/** Files below this size go up in one PUT; larger ones by tus, which goes on where it stopped. */
export const RESUMABLE_FROM = 8 * 1024 * 1024;
export const PARALLEL = 3;
const MAX_LOSSES = 8;

export type Phase =
  | 'waiting'
  | 'moving'
  | 'paused'
  /** An upload of an earlier page or of a program: its bytes so far are at the hub, the file must be picked again. */
  | 'needsFile'
  | 'stored'
  | 'failed'
  | 'cancelled';

export interface Destination {
  node: string;
  nodeName: string;
  /** Relative path, folders joined with "/". */
  path: string;
  unpack?: boolean;
}

export interface Item extends Destination {
  /** Index in the queue; stable. */
  id: number;
  size: number;
  phase: Phase;
  sent: number;
  /** Bytes per second, smoothed; 0 until known. */
  speed: number;
  /** Address of an unfinished upload at the hub. */
  uploadUrl?: string;
  sha256?: string;
  fileId?: string;
  fileSetId?: string;
  /** The same bytes were at that path before: nothing came that would have to be read. */
  alreadyThere?: boolean;
  /** How far reading the file has come at the hub; unset until the hub says. */
  reading?: string;
  readingNote?: string | null;
  /** Connections lost in a row without getting further, and how far the last one had come. */
  losses?: number;
  sentAtLoss?: number;
  reason?: string;
  nextStep?: string | null;
}

export interface Queue {
  items: readonly Item[];
  paused: boolean;
  /** Set while the hub can't be reached: nothing starts, nothing is given up. */
  unreachable: boolean;
}

export interface Unfinished extends Destination {
  size: number;
  sent: number;
  uploadUrl: string;
}

export type Action =
  | { type: 'add'; files: (Destination & { size: number })[] }
  | { type: 'found'; uploads: Unfinished[] }
  | { type: 'started'; id: number }
  | { type: 'progressed'; id: number; sent: number; speed: number }
  | { type: 'hashed'; id: number; sha256: string }
  | { type: 'addressed'; id: number; uploadUrl: string }
  | { type: 'stopped'; id: number }
  | { type: 'stored'; id: number; fileId: string; fileSetId: string; sha256?: string; alreadyThere?: boolean }
  | { type: 'reading'; fileSetId: string; reading: string; note: string | null }
  | { type: 'failed'; id: number; reason: string; nextStep?: string | null }
  | { type: 'lost'; id: number }
  | { type: 'reached' }
  | { type: 'picked'; id: number }
  | { type: 'pause'; id?: number }
  | { type: 'resume'; id?: number }
  | { type: 'retry'; id: number }
  | { type: 'cancel'; id?: number }
  | { type: 'forget' }
  | { type: 'clear' };

export const emptyQueue: Queue = { items: [], paused: false, unreachable: false };

const unfinished = (item: Item) => item.phase === 'waiting' || item.phase === 'moving' || item.phase === 'paused' || item.phase === 'needsFile';

export function reduce(queue: Queue, action: Action): Queue {
  switch (action.type) {
    case 'add':
      return { ...queue, items: [...queue.items, ...action.files.map((file, i): Item => ({ ...file, id: queue.items.length + i, phase: 'waiting', sent: 0, speed: 0 }))] };
    case 'found': {
      const known = new Set(queue.items.map((item) => item.uploadUrl));
      const found = action.uploads.filter((upload) => !known.has(upload.uploadUrl));
      if (!found.length) return queue;
      return { ...queue, items: [...queue.items, ...found.map((upload, i): Item => ({ ...upload, id: queue.items.length + i, phase: 'needsFile', speed: 0 }))] };
    }
    case 'started':
      return change(queue, action.id, (item) => (item.phase === 'waiting' ? { ...item, phase: 'moving', speed: 0 } : item));
    case 'progressed':
      return change(queue, action.id, (item) => (item.phase === 'moving' ? { ...item, sent: Math.min(action.sent, item.size), speed: action.speed } : item));
    case 'hashed':
      return change(queue, action.id, (item) => ({ ...item, sha256: action.sha256 }));
    case 'addressed':
      return change(queue, action.id, (item) => ({ ...item, uploadUrl: action.uploadUrl }));
    case 'stopped':
      // A transfer ended because it was told to. The same object with a new identity: what waits is looked at again.
      return { ...queue };
    case 'stored':
      return change(queue, action.id, (item) => ({
        ...item, phase: 'stored', sent: item.size, speed: 0, fileId: action.fileId, fileSetId: action.fileSetId,
        sha256: action.sha256 ?? item.sha256, alreadyThere: action.alreadyThere, reading: item.reading ?? (action.alreadyThere ? undefined : 'waiting'), reason: undefined,
      }));
    case 'reading':
      return all(queue, (item) => (item.fileSetId === action.fileSetId ? { ...item, reading: action.reading, readingNote: action.note } : item));
    case 'failed':
      return change(queue, action.id, (item) => (unfinished(item) ? { ...item, phase: 'failed', speed: 0, reason: action.reason, nextStep: action.nextStep ?? null } : item));
    case 'lost':
      // The connection went, not the file: it waits, keeps what it has sent, and goes on when the hub is back.
      return { ...change(queue, action.id, lose), unreachable: true };
    case 'reached':
      return queue.unreachable ? { ...queue, unreachable: false } : queue;
    case 'picked':
      return change(queue, action.id, (item) => (item.phase === 'needsFile' ? { ...item, phase: 'waiting' } : item));
    case 'pause':
      return action.id === undefined
        ? { ...all(queue, (item) => (item.phase === 'moving' ? { ...item, phase: 'waiting', speed: 0 } : item)), paused: true }
        : change(queue, action.id, (item) => (item.phase === 'moving' || item.phase === 'waiting' ? { ...item, phase: 'paused', speed: 0 } : item));
    case 'resume':
      return action.id === undefined
        ? { ...queue, paused: false }
        : change(queue, action.id, (item) => (item.phase === 'paused' ? { ...item, phase: 'waiting' } : item));
    case 'retry':
      return change(queue, action.id, (item) => (item.phase === 'failed' ? { ...item, phase: 'waiting', reason: undefined, nextStep: undefined } : item));
    case 'cancel': {
      const cancel = (item: Item): Item => (unfinished(item) || item.phase === 'failed' ? { ...item, phase: 'cancelled', speed: 0 } : item);
      // Of what was begun elsewhere only what is named: another program may be sending it.
      return action.id === undefined ? { ...all(queue, (item) => (unfinished(item) && item.phase !== 'needsFile' ? cancel(item) : item)), paused: false } : change(queue, action.id, cancel);
    }
    case 'forget':
      return all(queue, (item) => (item.phase === 'needsFile' ? { ...item, phase: 'cancelled' } : item));
    case 'clear':
      // Finished rows leave the list by their phase, not by being removed: ids are indexes.
      return all(queue, (item) => (item.phase === 'stored' ? { ...item, phase: 'cancelled' } : item));
  }
}

function lose(item: Item): Item {
  if (item.phase !== 'moving') return item;
  const losses = item.sent > (item.sentAtLoss ?? 0) ? 1 : (item.losses ?? 0) + 1;
  const lost = { ...item, losses, sentAtLoss: item.sent, speed: 0 };
  return losses < MAX_LOSSES
    ? { ...lost, phase: 'waiting' }
    : { ...lost, phase: 'failed', reason: `The connection broke ${losses} times in a row at this file.`, nextStep: 'Look at the network, then try again: what has arrived is kept.' };
}

function change(queue: Queue, id: number, to: (item: Item) => Item): Queue {
  const item = queue.items[id];
  const next = item && to(item);
  return !next || next === item ? queue : { ...queue, items: queue.items.with(id, next) };
}

function all(queue: Queue, to: (item: Item) => Item): Queue {
  let changed = false;
  const items = queue.items.map((item) => {
    const next = to(item);
    changed ||= next !== item;
    return next;
  });
  return changed ? { ...queue, items } : queue;
}

/** The waiting items that may start now, oldest first. */
export function startable(queue: Queue, parallel = PARALLEL): Item[] {
  if (queue.paused || queue.unreachable) return [];
  let free = parallel - queue.items.reduce((n, item) => n + (item.phase === 'moving' ? 1 : 0), 0);
  const next: Item[] = [];
  for (const item of queue.items) {
    if (free <= 0) break;
    if (item.phase !== 'waiting') continue;
    next.push(item);
    free--;
  }
  return next;
}

export interface Summary {
  files: number;
  stored: number;
  /** Stored ones by what became of them; the others wait to be read or are being read. */
  alreadyThere: number;
  read: number;
  /** Those without a reader that need none: text is shown as it is. */
  text: number;
  noReader: number;
  unread: number;
  failed: number;
  unfinished: number;
  /** Begun elsewhere: counted here alone, since nothing of them moves. */
  needsFile: number;
  bytes: number;
  sent: number;
  speed: number;
  /** Unknown while nothing moves. */
  secondsLeft: number | null;
}

export function summarize(queue: Queue): Summary {
  const sum: Summary = { files: 0, stored: 0, alreadyThere: 0, read: 0, text: 0, noReader: 0, unread: 0, failed: 0, unfinished: 0, needsFile: 0, bytes: 0, sent: 0, speed: 0, secondsLeft: null };
  for (const item of queue.items) {
    if (item.phase === 'cancelled') continue;
    if (item.phase === 'needsFile') {
      sum.needsFile++;
      continue;
    }
    sum.files++;
    sum.bytes += item.size;
    sum.sent += item.sent;
    sum.speed += item.speed;
    if (item.phase === 'stored') {
      sum.stored++;
      if (item.alreadyThere) sum.alreadyThere++;
      else if (item.reading === 'read') sum.read++;
      else if (item.reading === 'no_reader' && kindOfName(item.path)) sum.text++;
      else if (item.reading === 'no_reader') sum.noReader++;
      else if (item.reading === 'failed') sum.unread++;
    }
    if (item.phase === 'failed') sum.failed++;
    if (unfinished(item)) sum.unfinished++;
  }
  if (sum.speed > 0) sum.secondsLeft = (sum.bytes - sum.sent) / sum.speed;
  return sum;
}

/** True when the hub will do no more with the file on account of this upload. */
export const isSettled = ({ alreadyThere, reading }: Item) => alreadyThere === true || reading === 'read' || reading === 'no_reader' || reading === 'failed';

/** The item of an earlier page that a newly picked file goes on with: same place, same size. */
export function matchingUnfinished(queue: Queue, file: { node: string; path: string; size: number }): Item | undefined {
  return queue.items.find((item) => item.phase === 'needsFile' && item.node === file.node && item.path === file.path && item.size === file.size);
}
