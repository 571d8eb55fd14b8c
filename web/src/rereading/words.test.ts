import { expect, test } from 'vitest';
import { changeWords, choiceWords, keyWords, outcomeWords, valueWords, versionWords } from './words';

test('Keys are called as people call them', () => {
  expect(['acquisition.pixel_size', 'acquisition.pixel_size.source', 'image.x.step', 'image.pixels', 'image.my.axis.offset', 'original.ImageTags.User', 'original', 'images'].map(keyWords))
    .toEqual(['Pixel size', 'Pixel size, where it stands', 'Image: step along x', 'Image: picture', 'Image: offset along my.axis', 'ImageTags.User', 'Original metadata', 'Number of images']);
});

test('Values have the prefix that reads best, and original ones are as written', () => {
  expect(valueWords('acquisition.pixel_size', '1e-10 m')).toBe('0.1 nm');
  expect(valueWords('acquisition.accelerating_voltage', '200000 V')).toBe('200 kV');
  expect(valueWords('original.HT', '200000')).toBe('200000');
  expect(valueWords('acquisition.detector', null)).toBe('nothing');
});

test('A change that rounding hides is told with all digits', () => {
  expect(changeWords({ key: 'image.x.step', before: '0.1 nm', after: '0.098 nm' })).toBe('0.1 nm → 0.098 nm');
  expect(changeWords({ key: 'image.x.step', before: '0.1 nm', after: '0.10000001 nm' })).toBe('0.1 nm → 0.10000001 nm');
  expect(changeWords({ key: 'image.pixels', before: 'aa', after: 'bb' })).toBe('looks different');
});

test('Versions, choices and outcomes in words', () => {
  const mark = (readerVersion: string, mappingVersion: string) => ({ format: 'dm3', formatName: 'DM3', readerVersion, mappingVersion, softwareVersion: '1' });
  expect(versionWords(mark('2', '1'), mark('3', '2'))).toBe('reader 2 → 3');
  expect(versionWords(mark('2', '1'), mark('2', '2'))).toBe('mapping 1 → 2');
  expect(versionWords(null, mark('3', '1'))).toBe('reader 3');
  expect(choiceWords({ choice: 'outdated', formatName: 'TIFF', node: { id: '', kind: 'project', name: 'Alloys' } })).toBe('what is out of date of TIFF in Alloys');
  expect(outcomeWords({ same: 1200, changed: 3, newlyRead: 0, failed: 1, unreadable: 0, overtaken: 0 })).toEqual(['3 came out differently', '1,200 the same as before', '1 failed, shown as read before']);
});
