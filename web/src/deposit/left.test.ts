import { expect, test } from 'vitest';
import { leftBehind } from './left';
import type { Item, Phase } from './queue';

const item = (path: string, phase: Phase, more: Partial<Item> = {}): Item => ({ id: 0, node: 'n', nodeName: 'Node', path, size: 1, sent: 0, speed: 0, phase, ...more });

test('Counts what only the page knew of, by destination', () => {
  const left = leftBehind([
    item('day/a.tif', 'waiting'), item('day/b.tif', 'moving'), item('c.tif', 'paused'),
    item('day/done.tif', 'stored'), item('day/no.tif', 'failed'), item('day/x.tif', 'cancelled'),
    item('day/big.dm4', 'moving', { uploadUrl: '/api/v1/uploads/1' }), item('old.dm4', 'needsFile', { uploadUrl: '/api/v1/uploads/2' }),
    item('z.tif', 'waiting', { node: 'm', nodeName: 'Other' }),
  ]);
  expect(left).toEqual([{ node: 'n', nodeName: 'Node', tops: ['day', 'c.tif'], files: 3 }, { node: 'm', nodeName: 'Other', tops: ['z.tif'], files: 1 }]);
});
