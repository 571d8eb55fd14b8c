import { expect, test } from 'vitest';
import { commonFolder, isLitter, plannedFromEntries, plannedFromInput } from './folders';

const file = (name: string) => new File(['x'], name);

const fileEntry = (name: string) => ({ name, isFile: true, isDirectory: false, file: (done: (f: File) => void) => done(file(name)) }) as unknown as FileSystemEntry;

function folderEntry(name: string, members: FileSystemEntry[], part = 2) {
  return {
    name, isFile: false, isDirectory: true,
    createReader() {
      let at = 0;
      return { readEntries: (done: (entries: FileSystemEntry[]) => void) => done(members.slice(at, (at += part))) };
    },
  } as unknown as FileSystemEntry;
}

const brokenFolder = (name: string) => ({
  name, isFile: false, isDirectory: true, createReader: () => ({ readEntries: (_: unknown, fail: (e: Error) => void) => fail(new Error('denied')) }),
}) as unknown as FileSystemEntry;

test('Walks folders to the end, reading every part of a long one, in natural order', async () => {
  const long = folderEntry('series', ['10.tif', '2.tif', '1.tif', 'x.tif', 'y.tif'].map(fileEntry));
  const { files } = await plannedFromEntries([folderEntry('day', [long, fileEntry('note.txt')]), fileEntry('loose.dm4')]);
  expect(files.map(({ path }) => path)).toEqual(['day/note.txt', 'day/series/1.tif', 'day/series/2.tif', 'day/series/10.tif', 'day/series/x.tif', 'day/series/y.tif', 'loose.dm4']);
});

test('A folder that cannot be read is named and the rest goes on', async () => {
  const { files, refused } = await plannedFromEntries([folderEntry('day', [brokenFolder('locked'), fileEntry('a.tif')])]);
  expect(files.map(({ path }) => path)).toEqual(['day/a.tif']);
  expect(refused).toEqual(['day/locked']);
});

test('Leaves out what the operating system wrote', () => {
  expect(['a/.DS_Store', 'a/Thumbs.db', 'a/._x.tif', '__MACOSX/a/x.tif'].every(isLitter)).toBe(true);
  expect(['a/x.tif', 'a/.hidden', 'desktop.ini.tif'].some(isLitter)).toBe(false);
});

test('Takes paths of a picked folder from the input element', () => {
  const picked = file('a.tif');
  Object.defineProperty(picked, 'webkitRelativePath', { value: 'day/a.tif' });
  expect(plannedFromInput([picked, file('b.tif')]).map(({ path }) => path)).toEqual(['b.tif', 'day/a.tif']);
});

test('Names the folder that holds everything', () => {
  expect(commonFolder([{ path: 'day/a', file: file('a') }, { path: 'day/s/b', file: file('b') }])).toBe('day');
  expect(commonFolder([{ path: 'day/a', file: file('a') }, { path: 'b', file: file('b') }])).toBeNull();
  expect(commonFolder([])).toBeNull();
});
