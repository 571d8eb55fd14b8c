import type { AcquiredValue, FileSetDetail, Image } from '../api/types';
import { labelOf, USUAL_TERMS } from '../files/facts';
import type { MetadataRow } from '../files/metadataRows';
import { formatAcquired, formatStep } from '../files/quantity';
import { horizontalAxis, stepLabel } from '../files/scaleBar';
import { formatExtent, formatSize } from '../shared/format';

/** One line about two files; null where a file does not say. */
export interface ComparedRow {
  key: string;
  label: string;
  a: string | null;
  b: string | null;
  differs: boolean;
}

type Compared = Pick<FileSetDetail, 'formatName' | 'size' | 'acquisition'>;

/** What the files are, and what their images are. */
export function fileRows(a: Compared, b: Compared, imageA: Image | undefined, imageB: Image | undefined): ComparedRow[] {
  const row = (label: string, left: string | null | undefined, right: string | null | undefined): ComparedRow => ({ key: label, label, a: left ?? null, b: right ?? null, differs: (left ?? null) !== (right ?? null) });
  return [
    row('Format', a.formatName, b.formatName),
    row('Size of the file', formatSize(a.size), formatSize(b.size)),
    row('Size of the image', extent(imageA), extent(imageB)),
    row('Pixel type', imageA?.pixelType, imageB?.pixelType),
    row('Calibration', step(imageA), step(imageB)),
  ].filter(({ a: left, b: right }) => left !== null || right !== null);
}

const extent = (image: Image | undefined) => (image ? formatExtent(image.shape) : null);

function step(image: Image | undefined): string | null {
  const axis = image && horizontalAxis(image);
  return axis?.scale != null && axis.unit ? `${formatStep(Math.abs(axis.scale), axis.unit)} per ${stepLabel(axis) === 'Pixel size' ? 'pixel' : 'channel'}` : null;
}

/** The mapped terms of both, those that matter first. They differ where their values do, not where they are merely written alike. */
export function acquisitionRows({ acquisition: a }: Compared, { acquisition: b }: Compared): ComparedRow[] {
  const terms = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  const ordered = [...USUAL_TERMS.filter((term) => terms.has(term)), ...[...terms].filter((term) => !USUAL_TERMS.includes(term)).sort()];
  return ordered.map((term) => {
    const [left, right] = [a?.[term], b?.[term]];
    const text = (acquired: AcquiredValue | undefined) => (acquired ? inWords(term, acquired) : null);
    const differs = left?.value !== right?.value || left?.unit !== right?.unit;
    const [inA, inB] = [text(left), text(right)];
    // Two values that are rounded to the same text are written out.
    return differs && left && right && inA === inB
      ? { key: term, label: labelOf(term), a: exact(left), b: exact(right), differs }
      : { key: term, label: labelOf(term), a: inA, b: inB, differs };
  });
}

/** As beside a picture: sizes of pixels are spoken of in nm. */
const inWords = (term: string, acquired: AcquiredValue) =>
  term.startsWith('pixel_size') && typeof acquired.value === 'number' ? formatStep(acquired.value, acquired.unit) : formatAcquired(term, acquired);

const exact = ({ value, unit }: AcquiredValue) => (unit ? `${value} ${unit}` : String(value));

/** The values of both trees of original metadata, in the order of the first; what only the second has stands where it stands there. */
export function originalRows(a: MetadataRow[], b: MetadataRow[]): ComparedRow[] {
  const inA = valuesOf(a);
  const inB = valuesOf(b);
  const onlyInB = new Map<string | null, string[]>();
  let behind: string | null = null;
  for (const path of inB.keys()) {
    if (inA.has(path)) behind = path;
    else onlyInB.set(behind, [...(onlyInB.get(behind) ?? []), path]);
  }
  const paths = [...(onlyInB.get(null) ?? []), ...[...inA.keys()].flatMap((path) => [path, ...(onlyInB.get(path) ?? [])])];
  return paths.map((path) => {
    const [left, right] = [inA.get(path) ?? null, inB.get(path) ?? null];
    return { key: path, label: path, a: left, b: right, differs: left !== right };
  });
}

function valuesOf(rows: MetadataRow[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const { path, value } of rows) if (value !== null) values.set(path, value);
  return values;
}

/** Rows that are to be shown: those that differ where only they are wanted, and that hold every word of the filter. */
export function narrowed(rows: ComparedRow[], onlyDifferences: boolean, words: string[]): ComparedRow[] {
  return rows.filter(({ label, a, b, differs }) => {
    if (onlyDifferences && !differs) return false;
    const text = `${label}\n${a ?? ''}\n${b ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
