import { expect, test } from 'vitest';
import { decode } from './decode';
import { hasHead, numericColumns, parseDelimited } from './delimited';
import { hexRows } from './hex';
import { isPdf, isProse, kindOfName } from './kind';

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, bigEndian = false) => {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) new DataView(bytes.buffer).setUint16(2 * i, text.charCodeAt(i), !bigEndian);
  return bytes;
};

test('UTF-8 is known by its form, with or without a mark, and a character cut at the end is left out', () => {
  expect(decode(utf8('Größe: 3 µm\n'), true)).toEqual({ text: 'Größe: 3 µm\n', encoding: 'UTF-8' });
  expect(decode(utf8('\ufeffa;b'), true)).toEqual({ text: 'a;b', encoding: 'UTF-8' });
  expect(decode(utf8('3 µ').subarray(0, 3), false)).toEqual({ text: '3 ', encoding: 'UTF-8' });
});

test('UTF-16 is known by its mark or by its zeros', () => {
  expect(decode(utf16('\ufeffÜber'), true)).toEqual({ text: 'Über', encoding: 'UTF-16' });
  expect(decode(utf16('\ufeffÜber', true), true)).toEqual({ text: 'Über', encoding: 'UTF-16' });
  expect(decode(utf16('Stage moved to µ'), true)).toEqual({ text: 'Stage moved to µ', encoding: 'UTF-16' });
  expect(decode(utf16('Stage moved', true), true)?.text).toBe('Stage moved');
});

test('What is no UTF but has the form of text is Latin-1', () => {
  expect(decode(Uint8Array.from([0x33, 0x20, 0xb5, 0x6d, 0x0d, 0x0a, 0x47, 0x72, 0xf6, 0xdf, 0x65]), true)).toEqual({ text: '3 µm\r\nGröße', encoding: 'Latin-1' });
});

test('Bytes that are no text are not taken for one', () => {
  expect(decode(Uint8Array.from({ length: 600 }, (_, i) => (i * 37) % 256), true)).toBeNull();
  expect(decode(utf8('MZ\u0001\u0002\u0003\u0004'), true)).toBeNull();
  expect(decode(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 8, 0]), true)).toBeNull();
});

test('Rows keep quoted delimiters, quotes and line ends', () => {
  const { rows, columns } = parseDelimited('a,"b, c","say ""hi"""\r\n1,"two\nlines",3\r\n\r\n4,5', 100, true);
  expect(rows).toEqual([['a', 'b, c', 'say "hi"'], ['1', 'two\nlines', '3'], ['4', '5']]);
  expect(columns).toBe(3);
});

test('The delimiter is the one that is used', () => {
  expect(parseDelimited('x;y\n1,5;2,5\n2,5;3,5\n', 100, true)).toMatchObject({ delimiter: ';', columns: 2 });
  expect(parseDelimited('x\ty\n1\t2\n', 100, true)).toMatchObject({ delimiter: '\t', rows: [['x', 'y'], ['1', '2']] });
});

test('Of a long table the first rows are taken, and of a cut one no half row', () => {
  const long = Array.from({ length: 50 }, (_, i) => `${i},${i}`).join('\n');
  expect(parseDelimited(long, 10, true)).toMatchObject({ isCut: true, rows: { length: 10 } });
  expect(parseDelimited(long, 100, true)).toMatchObject({ isCut: false, rows: { length: 50 } });
  expect(parseDelimited('a,b\n1,2\n3,4', 100, false)).toMatchObject({ isCut: true, rows: [['a', 'b'], ['1', '2']] });
});

test('Columns of numbers are known below their heading', () => {
  expect(numericColumns(parseDelimited('label,x,y\nA,1,-2.5e-3\nB,,3\n', 100, true))).toEqual([false, true, true]);
});

test('A first row of numbers alone is data, whatever stands in some of its cells or below', () => {
  const read = (text: string) => parseDelimited(text, 100, true);
  expect(hasHead(read('energy,counts\n1,2\n'))).toBe(true);
  expect(hasHead(read('nm,400,410\nA,1,2\n'))).toBe(true);
  expect(hasHead(read('1,2.5e-3\n2,3\n'))).toBe(false);
  expect(hasHead(read('0;;1,5\n;;2,5\n'))).toBe(false);
  expect(numericColumns(read('1,2\nx,3\n'))).toEqual([false, true]);
});

test('Bytes are shown with their place and what can be read of them', () => {
  expect(hexRows(utf8('\u0089PNG 0123456789abc'))).toEqual([
    { offset: '00000000', hex: 'c2 89 50 4e 47 20 30 31  32 33 34 35 36 37 38 39', ascii: '··PNG 0123456789' },
    { offset: '00000010', hex: '61 62 63', ascii: 'abc' },
  ]);
});

test('Names say what is a table and what is text', () => {
  expect(['day.1/x.CSV', 'log.txt', 'README', 'data.dm3', 'csv', 'a.tsv', 'Report.PDF'].map(kindOfName)).toEqual(['table', 'text', 'text', null, null, 'table', 'pdf']);
  expect(['day.1/notes.TXT', 'README', 'README.md', 'scan.msa', 'run.log', 'md/a.json', 'plumd'].map(isProse)).toEqual([true, true, true, false, false, false, false]);
  expect([isPdf(utf8('%PDF-1.7')), isPdf(utf8('%PD'))]).toEqual([true, false]);
});
