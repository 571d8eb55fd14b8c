import { expect, test } from 'vitest';
import { filterRows, metadataRows, openRows, splitAtMatches } from './metadataRows';

const tree = {
  ImageTags: {
    'Microscope Info': { Voltage: 200000, 'Operation Mode': 'SCANNING', 'Items': [1, 2, 3] },
    Acquisition: { Device: { Name: 'US1000XP' } },
  },
  Frames: [{ Time: 1 }, { Time: 2 }],
};

const rows = metadataRows(tree);

test('Lists branches before their members with dotted paths', () => {
  expect(rows.map((row) => row.path)).toEqual([
    'ImageTags', 'ImageTags.Microscope Info', 'ImageTags.Microscope Info.Voltage', 'ImageTags.Microscope Info.Operation Mode',
    'ImageTags.Microscope Info.Items', 'ImageTags.Acquisition', 'ImageTags.Acquisition.Device', 'ImageTags.Acquisition.Device.Name',
    'Frames', 'Frames.0', 'Frames.0.Time', 'Frames.1', 'Frames.1.Time',
  ]);
  expect(rows.find((row) => row.key === 'Items')!.value).toBe('[1, 2, 3]');
});

test('Finds by value and keeps the way to it', () => {
  const found = filterRows(rows, 'us1000');
  expect(found.matches).toBe(1);
  expect(found.rows.map((row) => row.key)).toEqual(['ImageTags', 'Acquisition', 'Device', 'Name']);
});

test('Finds by path, each branch once', () => {
  const found = filterRows(rows, 'microscope');
  expect(found.matches).toBe(3);
  expect(found.rows.map((row) => row.key)).toEqual(['ImageTags', 'Microscope Info', 'Voltage', 'Operation Mode', 'Items']);
});

test('Every word must match, in path or value', () => {
  expect(filterRows(rows, 'mode scan').matches).toBe(1);
  expect(filterRows(rows, 'mode voltage').matches).toBe(0);
});

test('An empty filter keeps everything and counts the values', () => {
  const all = filterRows(rows, '  ');
  expect(all.rows).toHaveLength(rows.length);
  expect(all.matches).toBe(6);
});

test('Closing a branch hides all below it and nothing beside it', () => {
  expect(openRows(rows, new Set(['ImageTags'])).map((row) => row.path)).toEqual(['ImageTags', 'Frames', 'Frames.0', 'Frames.0.Time', 'Frames.1', 'Frames.1.Time']);
  expect(openRows(rows, new Set(['Frames.0'])).map((row) => row.path)).toContain('Frames.1.Time');
});

test('Highlights take special characters literally', () => {
  expect(splitAtMatches('a.b+c', ['.b+'])).toEqual(['a', '.b+', 'c']);
});
