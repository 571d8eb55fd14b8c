import { expect, test } from 'vitest';
import type { ExtractionFacts, MetadataView } from '../api/types';
import { reachesOf, viewFor } from './reach';

const extraction: ExtractionFacts = { format: 'dm3', readerVersion: '1', mappingVersion: '1', softwareVersion: '1', seconds: 1, createdAt: '' };
const instrument = { value: 'Titan', unit: null, source: 'x' };

test('A file lies in the reach of all files, of its format and of its instrument, where it says one', () => {
  expect(reachesOf({ extraction, formatName: 'DigitalMicrograph 3', acquisition: { instrument } }).map(({ label }) => label))
    .toEqual(['all files', 'files of the format DigitalMicrograph 3', 'files of the instrument Titan']);
  expect(reachesOf({ extraction, formatName: null, acquisition: {} }).map(({ key }) => key)).toEqual(['all', 'format']);
});

test('Finds the view of a reach, and of no other', () => {
  const view = (format: string | null, of: string | null): MetadataView => ({ id: `${format} ${of}`, projectId: 'p', format, instrument: of, terms: [], modifiedBy: { id: 'a', name: 'Ada' }, modifiedAt: '', version: 1 });
  const views = [view('mrc', null), view(null, 'Titan')];
  const [all, format, own] = reachesOf({ extraction, formatName: null, acquisition: { instrument } });
  expect([all, format, own].map((reach) => viewFor(views, reach!)?.id)).toEqual([undefined, undefined, 'null Titan']);
});
