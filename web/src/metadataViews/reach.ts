import type { FileSetDetail, MetadataView } from '../api/types';

/** Of which files a view says what comes first. */
export interface Reach {
  key: 'all' | 'format' | 'instrument';
  label: string;
  format: string | null;
  instrument: string | null;
}

/** The reaches that a file lies in, widest first: where several have a view, the last of them counts. */
export function reachesOf({ extraction, formatName, acquisition }: Pick<FileSetDetail, 'extraction' | 'formatName' | 'acquisition'>): Reach[] {
  const instrument = acquisition?.instrument?.value;
  return [
    { key: 'all', label: 'all files', format: null, instrument: null },
    ...(extraction ? [{ key: 'format' as const, label: `files of the format ${formatName ?? extraction.format}`, format: extraction.format, instrument: null }] : []),
    ...(typeof instrument === 'string' ? [{ key: 'instrument' as const, label: `files of the instrument ${instrument}`, format: null, instrument }] : []),
  ];
}

export const viewFor = (views: MetadataView[], { format, instrument }: Reach) => views.find((view) => view.format === format && view.instrument === instrument);
