import { expect, test } from 'vitest';
import { type Action, emptyQueue, isSettled, matchingUnfinished, type Queue, reduce, startable, summarize } from './queue';

const files = (n: number, size = 100) => Array.from({ length: n }, (_, i) => ({ node: 'n', nodeName: 'Node', path: `a/${i}.tif`, size }));
const run = (actions: Action[], from: Queue = emptyQueue) => actions.reduce(reduce, from);
const phases = (queue: Queue) => queue.items.map((item) => item.phase);
const added = (n: number) => run([{ type: 'add', files: files(n) }]);

test('Starts three at a time, oldest first', () => {
  let queue = added(5);
  expect(startable(queue).map((item) => item.id)).toEqual([0, 1, 2]);
  queue = run([{ type: 'started', id: 0 }, { type: 'started', id: 1 }, { type: 'started', id: 2 }], queue);
  expect(startable(queue)).toEqual([]);
  queue = run([{ type: 'stored', id: 1, fileId: 'f', fileSetId: 's' }], queue);
  expect(startable(queue).map((item) => item.id)).toEqual([3]);
});

test('A lost connection keeps the file and what it sent, and starts nothing until the hub is back', () => {
  let queue = run([{ type: 'started', id: 0 }, { type: 'progressed', id: 0, sent: 40, speed: 10 }, { type: 'lost', id: 0 }], added(2));
  expect(phases(queue)).toEqual(['waiting', 'waiting']);
  expect(queue.items[0]!.sent).toBe(40);
  expect(startable(queue)).toEqual([]);
  queue = reduce(queue, { type: 'reached' });
  expect(startable(queue).map((item) => item.id)).toEqual([0, 1]);
});

test('Gives up a file whose connection breaks at the same place again and again, not one that gets further', () => {
  const round = (sent: number): Action[] => [{ type: 'reached' }, { type: 'started', id: 0 }, { type: 'progressed', id: 0, sent, speed: 1 }, { type: 'lost', id: 0 }];
  expect(phases(run(Array.from({ length: 20 }, (_, i) => round(i + 1)).flat(), added(1)))).toEqual(['waiting']);
  expect(phases(run(Array.from({ length: 20 }, () => round(40)).flat(), added(1)))).toEqual(['failed']);
});

test('Pausing all stops what moves; going on starts the same file first', () => {
  let queue = run([{ type: 'started', id: 0 }, { type: 'pause' }], added(2));
  expect(startable(queue)).toEqual([]);
  expect(queue.items[0]!.phase).toBe('waiting');
  queue = reduce(queue, { type: 'resume' });
  expect(startable(queue)[0]!.id).toBe(0);
});

test('One paused file does not hold the others', () => {
  const queue = reduce(added(2), { type: 'pause', id: 0 });
  expect(startable(queue).map((item) => item.id)).toEqual([1]);
  expect(phases(reduce(queue, { type: 'resume', id: 0 }))).toEqual(['waiting', 'waiting']);
});

test('Late reports do not wake a cancelled file', () => {
  const queue = run([{ type: 'started', id: 0 }, { type: 'cancel', id: 0 }, { type: 'progressed', id: 0, sent: 50, speed: 1 }, { type: 'failed', id: 0, reason: 'aborted' }, { type: 'lost', id: 0 }], added(1));
  expect(phases(queue)).toEqual(['cancelled']);
  expect(queue.items[0]!.sent).toBe(0);
});

test('A file that was stored before its cancellation arrived stays stored', () => {
  expect(phases(run([{ type: 'started', id: 0 }, { type: 'stored', id: 0, fileId: 'f', fileSetId: 's' }, { type: 'cancel' }], added(1)))).toEqual(['stored']);
});

test('A refused file says why and can be tried again', () => {
  let queue = run([{ type: 'started', id: 0 }, { type: 'failed', id: 0, reason: 'The digests differ.' }], added(1));
  expect(queue.items[0]).toMatchObject({ phase: 'failed', reason: 'The digests differ.' });
  expect(startable(queue)).toEqual([]);
  queue = reduce(queue, { type: 'retry', id: 0 });
  expect(startable(queue)).toHaveLength(1);
  expect(queue.items[0]!.reason).toBeUndefined();
});

test('Reading is told to every file of the set', () => {
  const queue = run([
    { type: 'stored', id: 0, fileId: 'f0', fileSetId: 's' }, { type: 'stored', id: 1, fileId: 'f1', fileSetId: 's' }, { type: 'stored', id: 2, fileId: 'f2', fileSetId: 't' },
    { type: 'reading', fileSetId: 's', reading: 'read', note: null }, { type: 'reading', fileSetId: 't', reading: 'no_reader', note: 'Unknown.' },
  ], added(3));
  expect(queue.items.map((item) => item.reading)).toEqual(['read', 'read', 'no_reader']);
  expect(summarize(queue)).toMatchObject({ files: 3, stored: 3, read: 2, noReader: 1, unread: 0, unfinished: 0 });
});

test('An upload of an earlier page waits for its file, is listed once, and is found by place and size', () => {
  const upload = { node: 'n', nodeName: 'Node', path: 'a/big.dm4', size: 9e9, sent: 4e9, uploadUrl: '/api/v1/uploads/1' };
  let queue = run([{ type: 'found', uploads: [upload] }, { type: 'found', uploads: [upload] }]);
  expect(phases(queue)).toEqual(['needsFile']);
  expect(startable(queue)).toEqual([]);
  expect(matchingUnfinished(queue, { node: 'n', path: 'a/big.dm4', size: 8e9 })).toBeUndefined();
  expect(matchingUnfinished(queue, upload)!.id).toBe(0);
  queue = reduce(queue, { type: 'picked', id: 0 });
  expect(startable(queue)[0]).toMatchObject({ uploadUrl: '/api/v1/uploads/1', sent: 4e9 });
});

test('What was begun elsewhere is neither part of this drop nor ended with it', () => {
  const upload = { node: 'n', nodeName: '', path: 'big.dm4', size: 9e9, sent: 4e9, uploadUrl: '/api/v1/uploads/1' };
  const queue = run([{ type: 'started', id: 0 }, { type: 'progressed', id: 0, sent: 50, speed: 25 }, { type: 'found', uploads: [upload] }], added(1));
  expect(summarize(queue)).toMatchObject({ files: 1, unfinished: 1, needsFile: 1, bytes: 100, sent: 50, secondsLeft: 2 });
  expect(phases(reduce(queue, { type: 'cancel' }))).toEqual(['cancelled', 'needsFile']);
  expect(phases(reduce(queue, { type: 'cancel', id: 1 }))).toEqual(['moving', 'cancelled']);
  expect(phases(reduce(queue, { type: 'forget' }))).toEqual(['moving', 'cancelled']);
});

test('Sums speed and time left over what moves', () => {
  const queue = run([{ type: 'started', id: 0 }, { type: 'progressed', id: 0, sent: 50, speed: 25 }, { type: 'cancel', id: 2 }], added(3));
  expect(summarize(queue)).toMatchObject({ files: 2, bytes: 200, sent: 50, speed: 25, secondsLeft: 6 });
  expect(summarize(added(1)).secondsLeft).toBeNull();
});

test('A file whose bytes were there already waits for nothing', () => {
  const queue = run([
    { type: 'started', id: 0 }, { type: 'stored', id: 0, fileId: 'f', fileSetId: 's', alreadyThere: true },
    { type: 'started', id: 1 }, { type: 'stored', id: 1, fileId: 'g', fileSetId: 't' },
  ], added(2));
  expect(queue.items.map(({ reading }) => reading)).toEqual([undefined, 'waiting']);
  expect(queue.items.map(isSettled)).toEqual([true, false]);
  expect(summarize(queue)).toMatchObject({ stored: 2, alreadyThere: 1, read: 0, noReader: 0, unread: 0 });
  // What the hub tells of its set is no news about this upload.
  expect(summarize(reduce(queue, { type: 'reading', fileSetId: 's', reading: 'failed', note: 'x' }))).toMatchObject({ alreadyThere: 1, unread: 0 });
});
