import type { AcquiredValue, FileSetDetail, Image } from '../api/types';
import { formatAcquired, formatRecordedTime, formatStep } from './quantity';
import { horizontalAxis, stepLabel } from './scaleBar';

export interface Fact {
  label: string;
  /** Null where the file does not say. */
  value: string | null;
  /** Key of the original metadata that it comes from. */
  source: string | null;
  /** More to say on hover. */
  note?: string;
}

/** The eight terms that matter, where a project chose no others. */
export const USUAL_TERMS = ['instrument', 'accelerating_voltage', 'nominal_magnification', 'pixel_size', 'detector', 'operator', 'acquisition_time', 'specimen'];

type Recorded = Pick<FileSetDetail, 'acquisition' | 'shownFirst'>;

/** What is shown first, always in the order that was chosen, recorded or not. */
export function firstFacts({ acquisition, shownFirst }: Recorded, image: Image | undefined): Fact[] {
  const of = (term: string) => acquisition?.[term];
  return (shownFirst ?? USUAL_TERMS).map((term) => {
    if (term === 'pixel_size') return pixelSize(of(term), image);
    if (term === 'acquisition_time') return date(of(term), of('acquisition_time_as_written'), of('acquisition_time_zone'));
    return fact(labelOf(term), term, of(term));
  });
}

function fact(label: string, term: string, acquired: AcquiredValue | undefined): Fact {
  return { label, value: acquired ? formatAcquired(term, acquired) : null, source: acquired?.source ?? null };
}

/** The pixel size of the image that is shown; the file's own mapped value where the image has no calibrated axis. What runs to the right may be another thing than a length. */
function pixelSize(acquired: AcquiredValue | undefined, image: Image | undefined): Fact {
  const axis = image && horizontalAxis(image);
  if (axis?.scale != null && axis.unit) return { label: stepLabel(axis), value: formatStep(Math.abs(axis.scale), axis.unit), source: acquired?.source ?? null, note: `calibration of axis ${axis.name}` };
  const label = 'Pixel size';
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

/** The other mapped terms, by name. The date says how it was written itself. */
export function otherFacts({ acquisition, shownFirst }: Recorded): Fact[] {
  const shown = new Set(shownFirst ?? USUAL_TERMS);
  const isShown = (term: string) => shown.has(term) || (shown.has('acquisition_time') && term.startsWith('acquisition_time_'));
  return Object.entries(acquisition ?? {})
    .filter(([term]) => !isShown(term))
    .map(([term, acquired]) => fact(labelOf(term), term, acquired));
}

export const labelOf = (term: string) => term.charAt(0).toUpperCase() + term.slice(1).replaceAll('_', ' ');
