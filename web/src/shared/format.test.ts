import { expect, test } from 'vitest';
import { formatUntil, formatExtent } from './format';

test('Time left never promises more than there is', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const until = (iso: string) => formatUntil(iso, now);
  expect(until('2026-12-07T11:59:00Z')).toBe('12 days');
  expect(until('2026-11-26T12:00:00Z')).toBe('2 days');
  expect(until('2026-11-26T11:00:00Z')).toBe('47 h');
  expect(until('2026-11-24T13:00:00Z')).toBe('1 h');
  expect(until('2026-11-24T12:20:00Z')).toBe('less than an hour');
  expect(until('2026-11-20T12:00:00Z')).toBe('less than an hour');
});

test('An extent is width by height by depth, though the shape of an array begins with its slowest axis', () => {
  expect(formatExtent([768, 1024])).toBe('1024 × 768');
  expect(formatExtent([96, 512, 640])).toBe('640 × 512 × 96');
});
