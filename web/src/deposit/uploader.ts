import { call, Problem } from '../api/client';
import { onFileSet } from '../api/live';
import type { FileSet, Page, UnfinishedUpload } from '../api/types';
import type { PlacedFile } from './folders';
import { type Action, emptyQueue, isSettled, type Item, matchingUnfinished, type Queue, reduce, RESUMABLE_FROM, startable } from './queue';
import { Speed } from './speed';
import { forget, put, Stopped, type Transfer, tus } from './transfer';

/** How often the hub is asked about files whose reading it has not told of, in milliseconds. */
const ASK_EVERY = 4000;
const ASK_AT_ONCE = 6;

/** Runs the queue: starts what may start, reports back, and waits out the hub's absence. One per page. */
class Uploader {
  #queue: Queue = emptyQueue;
  readonly #files = new Map<number, File>();
  readonly #transfers = new Map<number, Transfer>();
  readonly #listeners = new Set<() => void>();
  #notice: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  #waiting = false;
  #asking: ReturnType<typeof setTimeout> | undefined;

  /** For useSyncExternalStore. */
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  readonly snapshot = () => this.#queue;

  add(files: PlacedFile[], to: { node: string; nodeName: string; unpack: boolean; isUnpacked: (path: string) => boolean }): void {
    const fresh: PlacedFile[] = [];
    for (const placed of files) {
      const earlier = matchingUnfinished(this.#queue, { node: to.node, path: placed.path, size: placed.file.size });
      if (earlier) this.#goOn(earlier.id, placed.file);
      else fresh.push(placed);
    }
    fresh.forEach(({ file }, i) => this.#files.set(this.#queue.items.length + i, file));
    this.#do({
      type: 'add',
      files: fresh.map(({ path, file }) => ({ node: to.node, nodeName: to.nodeName, path, size: file.size, ...(to.unpack && to.isUnpacked(path) ? { unpack: true } : {}) })),
    });
  }

  /** The file of an upload of an earlier page was picked again. Answers what is wrong with it, if anything. */
  pick(id: number, file: File): string | null {
    const item = this.#queue.items[id];
    if (!item) return null;
    if (file.size !== item.size) return `${file.name} has ${file.size.toLocaleString('en-US')} bytes, the file begun had ${item.size.toLocaleString('en-US')}. Pick the same file.`;
    this.#goOn(id, file);
    return null;
  }

  #goOn(id: number, file: File): void {
    this.#files.set(id, file);
    this.#do({ type: 'picked', id });
  }

  pause(id?: number): void {
    this.#do({ type: 'pause', ...(id === undefined ? {} : { id }) });
    this.#stopWhatShouldNotMove(false);
  }

  resume(id?: number): void {
    this.#do({ type: 'resume', ...(id === undefined ? {} : { id }) });
  }

  retry(id: number): void {
    this.#do({ type: 'retry', id });
  }

  cancel(id?: number): void {
    this.#end({ type: 'cancel', ...(id === undefined ? {} : { id }) });
  }

  /** Gives up what was begun elsewhere. */
  forget(): void {
    this.#end({ type: 'forget' });
  }

  #end(action: Action): void {
    const before = this.#queue.items;
    this.#do(action);
    this.#stopWhatShouldNotMove(true);
    for (const item of before) {
      const now = this.#queue.items[item.id]!;
      if (now.phase === 'cancelled' && item.phase !== 'cancelled' && item.phase !== 'moving' && item.uploadUrl) void forget(item.uploadUrl).catch(() => {});
    }
  }

  clear(): void {
    this.#do({ type: 'clear' });
  }

  /** The live stream told how far a file set is. */
  told(fileSetId: string, reading: string, note: string | null): void {
    this.#do({ type: 'reading', fileSetId, reading, note });
  }

  /** Lists uploads that an earlier page left unfinished. */
  async findUnfinished(): Promise<void> {
    const { items } = await call<Page<UnfinishedUpload>>('/uploads');
    this.#do({
      type: 'found',
      uploads: items
        .filter((upload) => !this.#queue.items.some((item) => item.uploadUrl?.endsWith(upload.id)))
        .map((upload) => ({ node: upload.node, nodeName: '', path: upload.path, size: upload.length, sent: upload.offset, uploadUrl: new URL(upload.url, location.origin).href })),
    });
  }

  #do(action: Action): void {
    const before = this.#queue;
    this.#queue = reduce(before, action);
    if (this.#queue === before) return;
    for (const item of startable(this.#queue)) this.#start(item);
    // Progress of many files comes often; the page is told at most ten times a second.
    this.#notice ??= setTimeout(() => {
      this.#notice = undefined;
      for (const listener of this.#listeners) listener();
    }, 100);
    if (action.type === 'lost') this.#waitForHub();
    if (action.type === 'stored') this.#askLater();
  }

  #start(item: Item): void {
    const { id } = item;
    const file = this.#files.get(id);
    if (!file || this.#transfers.has(id)) return;
    this.#queue = reduce(this.#queue, { type: 'started', id });
    const speed = new Speed(item.sent, performance.now());
    const report = {
      hashed: (sha256: string) => this.#do({ type: 'hashed', id, sha256 }),
      progress: (sent: number) => {
        const bytesPerSecond = speed.report(sent, performance.now());
        if (bytesPerSecond !== null) this.#do({ type: 'progressed', id, sent, speed: bytesPerSecond });
      },
    };
    const transfer = item.size < RESUMABLE_FROM && !item.uploadUrl
      ? put(item, file, report)
      : tus(item, file, report, (uploadUrl) => this.#do({ type: 'addressed', id, uploadUrl }));
    this.#transfers.set(id, transfer);
    transfer.done
      .then((arrived) => {
        this.#transfers.delete(id);
        this.#files.delete(id);
        this.#attempts = 0;
        this.#do({ type: 'stored', id, ...arrived });
      })
      .catch((error: unknown) => {
        this.#transfers.delete(id);
        if (error instanceof Stopped) this.#do({ type: 'stopped', id });
        else if (error instanceof Problem && isPassing(error)) this.#do({ type: 'lost', id });
        else if (error instanceof Problem) this.#do({ type: 'failed', id, reason: [error.title, error.detail].filter(Boolean).join(' '), nextStep: error.nextStep });
        else this.#do({ type: 'failed', id, reason: error instanceof Error ? error.message : String(error) });
      });
  }

  #stopWhatShouldNotMove(forgetCancelled: boolean): void {
    for (const [id, transfer] of this.#transfers) {
      const phase = this.#queue.items[id]?.phase;
      if (phase !== 'moving') transfer.stop(forgetCancelled && phase === 'cancelled');
    }
  }

  /** Asks the hub again and again, slower and slower up to ten seconds, until it knows us. */
  #waitForHub(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    const seconds = Math.min(10, 2 ** this.#attempts++);
    setTimeout(() => {
      this.#waiting = false;
      call('/me').then(
        () => this.#do({ type: 'reached' }),
        () => this.#queue.unreachable && this.#waitForHub(),
      );
    }, seconds * 1000);
  }

  /** The stream tells of one node only; files on their way elsewhere are asked for, a few at a time. */
  #askLater(): void {
    this.#asking ??= setTimeout(async () => {
      this.#asking = undefined;
      const open = new Set(this.#queue.items.filter((item) => item.phase === 'stored' && item.fileSetId && !isSettled(item)).map((item) => item.fileSetId!));
      const some = [...open].slice(0, ASK_AT_ONCE);
      await Promise.allSettled(some.map(async (id) => {
        const set = await call<FileSet>(`/file-sets/${id}`);
        this.told(id, set.reading, set.readingNote);
      }));
      if (open.size) this.#askLater();
    }, ASK_EVERY);
  }
}

/** Answers that speak of the moment, not of the file: no answer, signed out, busy, restarting. */
const isPassing = ({ status }: Problem) => status === 0 || status === 401 || status === 408 || status === 423 || status === 429 || status >= 502;

export const queue = new Uploader();

onFileSet(({ id, reading, readingNote }) => queue.told(id, reading, readingNote));
