import { expect, test } from 'vitest';
import { Speed } from './speed';

test('Says nothing new within a quarter of a second', () => {
  expect(new Speed(0, 0).report(100, 100)).toBeNull();
});

test('Finds a steady speed at once and follows a change within seconds', () => {
  const speed = new Speed(1000, 0);
  expect(speed.report(2000, 1000)).toBe(1000);
  let now = 1000;
  let sent = 2000;
  let last = 0;
  for (let i = 0; i < 10; i++) last = speed.report((sent += 4000), (now += 1000))!;
  expect(last).toBeGreaterThan(3900);
  expect(last).toBeLessThanOrEqual(4000);
});
