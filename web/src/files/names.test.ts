import { expect, test } from 'vitest';
import { baseName, folderOf, stemRange } from './names';

test('A path is its folder and its name', () => {
  expect([folderOf('day 1/a.tif'), baseName('day 1/a.tif')]).toEqual(['day 1/', 'a.tif']);
  expect([folderOf('a.tif'), baseName('a.tif')]).toEqual(['', 'a.tif']);
});

test('Renaming begins with the name, without folder and ending', () => {
  const selected = (path: string) => path.slice(...stemRange(path));
  expect(selected('day.1/eve 3.dm3')).toBe('eve 3');
  expect(selected('day.1/README')).toBe('README');
  expect(selected('.bashrc')).toBe('.bashrc');
});
