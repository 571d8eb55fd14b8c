import { expect, test } from 'vitest';
import type { Remark } from '../api/types';
import { standing, threadsOf } from './threads';

const comment = (id: string, replyTo: string | null = null, body: string | null = id): Remark => ({
  id, replyTo, body, kind: 'comment', objectId: 'o', objectKind: 'file-set', createdBy: { id: 'a', name: 'Ada' }, createdAt: '2026-01-01T00:00:00Z',
  modifiedBy: { id: 'a', name: 'Ada' }, modifiedAt: '2026-01-01T00:00:00Z', version: 1, mayChange: true, mayDelete: true,
});

test('Puts answers below what they answer, in the order they came', () => {
  const threads = threadsOf([comment('1'), comment('2'), comment('3', '1'), comment('4', '2'), comment('5', '1')]);
  expect(threads.map(({ first, answers }) => [first.id, ...answers.map(({ id }) => id)])).toEqual([['1', '3', '5'], ['2', '4']]);
});

test('Does not count comments whose place alone is kept', () => {
  expect(standing([comment('1', null, null), comment('2', '1')])).toBe(1);
});
