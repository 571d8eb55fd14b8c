import { afterEach, expect, test, vi } from 'vitest';
import { arrived } from './arrived';
import { leftBehind, stillLeft, topsOf } from './left';
import type { Item, Phase } from './queue';

const item = (path: string, phase: Phase, more: Partial<Item> = {}): Item => ({ id: 0, node: 'n', nodeName: 'Node', path, size: 1, sent: 0, speed: 0, phase, ...more });
const left = (...paths: string[]) => ({ node: 'n', nodeName: 'Node', paths, more: 0 });

afterEach(() => vi.unstubAllGlobals());

test('Keeps what only the page knew of, by destination', () => {
  const behind = leftBehind([
    item('day/a.tif', 'waiting'), item('day/b.tif', 'moving'), item('c.tif', 'paused'),
    item('day/done.tif', 'stored'), item('day/no.tif', 'failed'), item('day/x.tif', 'cancelled'),
    item('day/big.dm4', 'moving', { uploadUrl: '/api/v1/uploads/1' }), item('old.dm4', 'needsFile', { uploadUrl: '/api/v1/uploads/2' }),
    item('z.tif', 'waiting', { node: 'm', nodeName: 'Other' }),
  ]);
  expect(behind).toEqual([left('day/a.tif', 'day/b.tif', 'c.tif'), { node: 'm', nodeName: 'Other', paths: ['z.tif'], more: 0 }]);
  expect(topsOf(behind[0]!)).toEqual(['day', 'c.tif']);
});

test('Of very many files only the count is kept', () => {
  const [behind] = leftBehind(Array.from({ length: 2500 }, (_, i) => item(`day/${i}.tif`, 'waiting')));
  expect([behind!.paths.length, behind!.more]).toEqual([2000, 500]);
});

test('What arrived, or is on its way again, is left no longer', () => {
  const note = [left('a.tif', 'b.tif'), { node: 'm', nodeName: 'Other', paths: ['a.tif'], more: 3 }];
  expect(stillLeft(note, (node, path) => node === 'n' && path === 'a.tif').map(({ paths }) => paths)).toEqual([['b.tif'], ['a.tif']]);
  expect(stillLeft(note, (_, path) => path === 'a.tif').map(({ node, paths }) => [node, paths])).toEqual([['n', ['b.tif']]]);
});

test('The hub is asked which files arrived although the page was gone', async () => {
  stubHub([{ path: 'day/a.tif' }, { path: 'Files/b.tif' }, { path: 'other/x.tif' }]);
  expect([...await arrived(left('day/a.tif', 'b.tif', 'c.tif'))]).toEqual(['day/a.tif', 'b.tif']);
});

test('Where the destination is gone, nothing is left to go on with', async () => {
  stubHub([], 404);
  expect([...await arrived(left('a.tif'))]).toEqual(['a.tif']);
});

test('While the hub does not answer, all is still left', async () => {
  stubHub([], 503);
  expect((await arrived(left('a.tif'))).size).toBe(0);
});

function stubHub(items: { path: string }[], status = 200): void {
  vi.stubGlobal('sessionStorage', { getItem: () => null });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(status === 200 ? { items, next: null } : { title: 'No' }), { status })));
}
