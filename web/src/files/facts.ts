import type { AcquiredValue, FileSetDetail, Image } from '../api/types';
import { formatAcquired, formatRecordedTime, formatStep } from './quantity';
import { horizontalAxis } from './scaleBar';

export interface Fact {
  label: string;
  /** Null where the file does not say. */
  value: string | null;
  /** Key of the original metadata that it comes from. */
  source: string | null;
  /** More to say on hover. */
  note?: string;
}

/** The eight facts that matter, always in this order, recorded or not. */
export function eightFacts(set: Pick<FileSetDetail, 'acquisition'>, image: Image | undefined): Fact[] {
  const of = (term: string) => set.acquisition?.[term];
  const plain = (label: string, term: string): Fact => fact(label, term, of(term));
  return [
    plain('Instrument', 'instrument'),
    plain('Accelerating voltage', 'accelerating_voltage'),
    plain('Nominal magnification', 'nominal_magnification'),
    pixelSize(of('pixel_size'), image),
    plain('Detector', 'detector'),
    plain('Operator', 'operator'),
    date(of('acquisition_time'), of('acquisition_time_as_written'), of('acquisition_time_zone')),
    plain('Specimen', 'specimen'),
  ];
}

export function fact(label: string, term: string, acquired: AcquiredValue | undefined): Fact {
  return { label, value: acquired ? formatAcquired(term, acquired) : null, source: acquired?.source ?? null };
}

/** The pixel size of the image that is shown; the file's own mapped value where the image has no calibrated axis. */
function pixelSize(acquired: AcquiredValue | undefined, image: Image | undefined): Fact {
  const label = 'Pixel size';
  const axis = image && horizontalAxis(image);
  if (axis?.scale != null && axis.unit) return { label, value: formatStep(Math.abs(axis.scale), axis.unit), source: acquired?.source ?? null, note: `calibration of axis ${axis.name}` };
  if (typeof acquired?.value === 'number') return { label, value: formatStep(acquired.value, acquired.unit), source: acquired.source };
  return { label, value: null, source: null };
}

function date(time: AcquiredValue | undefined, written: AcquiredValue | undefined, zone: AcquiredValue | undefined): Fact {
  const label = 'Date';
  const source = time?.source ?? written?.source ?? null;
  const value = time ? formatRecordedTime(String(time.value)) : written ? String(written.value) : null;
  const notes = [written && `as written: ${String(written.value)}`, zone && `time zone: ${String(zone.value)}`].filter(Boolean);
  return { label, value, source, ...(notes.length ? { note: notes.join(', ') } : {}) };
}

const EIGHT = new Set(['instrument', 'accelerating_voltage', 'nominal_magnification', 'pixel_size', 'detector', 'operator', 'acquisition_time', 'acquisition_time_as_written', 'acquisition_time_zone', 'specimen']);

/** The other mapped terms, by name. */
export function otherFacts(set: Pick<FileSetDetail, 'acquisition'>): Fact[] {
  return Object.entries(set.acquisition ?? {})
    .filter(([term]) => !EIGHT.has(term))
    .map(([term, acquired]) => fact(labelOf(term), term, acquired));
}

const labelOf = (term: string) => term.charAt(0).toUpperCase() + term.slice(1).replaceAll('_', ' ');
