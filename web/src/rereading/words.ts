import type { ReaderMark, ReadingChange, RereadingRecord } from '../api/types';
import { labelOf } from '../files/facts';
import { formatNumber, formatQuantity, formatStep } from '../files/quantity';

const IMAGE_FACTS: Record<string, string> = {
  title: 'title', shape: 'shape', pixel_type: 'pixel type', missing: 'what is missing', axes: 'axes', pixels: 'picture', spectrum: 'mean spectrum',
};
const AXIS_FACTS: Record<string, string> = { step: 'step', offset: 'offset', role: 'role', coordinates: 'coordinates' };

/** What a key of a difference is called on the page. */
export function keyWords(key: string): string {
  const [area = '', ...rest] = key.split('.');
  if (area === 'format') return 'Format';
  if (area === 'images') return 'Number of images';
  if (area === 'warnings') return 'Warnings';
  if (area === 'original') return rest.length ? rest.join('.') : 'Original metadata';
  if (area === 'acquisition' && rest[1] === 'source') return `${labelOf(rest[0] ?? '')}, where it stands`;
  if (area === 'acquisition') return labelOf(rest.join('.'));
  const last = rest.at(-1) ?? '';
  if (rest.length === 1) return `Image: ${IMAGE_FACTS[last] ?? last}`;
  return `Image: ${AXIS_FACTS[last] ?? last} along ${rest.slice(0, -1).join('.')}`;
}

/** Digests of pictures and of trees whose keys are not told apart say nothing to people but that they differ. */
const isDigest = (key: string) => key === 'image.pixels' || key === 'image.spectrum' || key === 'original';

/** A value of a difference as people read it: 1e-10 m → 0.1 nm. */
export function valueWords(key: string, value: string | null): string {
  if (value === null) return 'nothing';
  if (isDigest(key)) return 'another one';
  const match = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?: (\S+))?$/i.exec(value);
  if (!match || key.startsWith('original.') || key.endsWith('.source') || key === 'image.title') return value;
  const [number, unit] = [Number(match[1]), match[2] ?? null];
  if (key.endsWith('magnification')) return `× ${formatNumber(number)}`;
  return key.endsWith('.step') || key.includes('pixel_size') ? formatStep(number, unit) : formatQuantity(number, unit);
}

/** Both values; where they look the same when rounded, as they are. */
export function changeWords({ key, before, after }: Pick<ReadingChange, 'key' | 'before' | 'after'>): string {
  if (isDigest(key)) return before === null ? 'was not there' : after === null ? 'is not there any more' : 'looks different';
  const [old, now] = [valueWords(key, before), valueWords(key, after)];
  return old === now ? `${before} → ${after}` : `${old} → ${now}`;
}

/** From 2 to 3; with the mapping where only that changed. */
export function versionWords(before: ReaderMark | null, after: ReaderMark | null): string {
  if (!before || !after) return `reader ${(after ?? before)?.readerVersion ?? ''}`;
  if (before.readerVersion !== after.readerVersion) return `reader ${before.readerVersion} → ${after.readerVersion}`;
  return before.mappingVersion !== after.mappingVersion ? `mapping ${before.mappingVersion} → ${after.mappingVersion}` : `reader ${after.readerVersion}`;
}

export const files = (count: number) => `${count.toLocaleString('en-US')} ${count === 1 ? 'file' : 'files'}`;
export const facts = (count: number) => `${count.toLocaleString('en-US')} ${count === 1 ? 'fact' : 'facts'}`;

const CHOICES: Record<string, string> = { outdated: 'what is out of date', unread: 'what could not be read', all: 'everything' };

/** Which files a batch reads again. */
export function choiceWords({ choice, formatName, node }: Pick<RereadingRecord, 'choice' | 'formatName' | 'node'>): string {
  return `${CHOICES[choice] ?? choice}${formatName ? ` of ${formatName}` : ''}${node ? ` in ${node.name}` : ''}`;
}

/** How a batch came out, those outcomes that there are. */
export function outcomeWords(batch: Pick<RereadingRecord, 'same' | 'changed' | 'newlyRead' | 'failed' | 'unreadable' | 'overtaken'>): string[] {
  const words: [number, string][] = [
    [batch.changed, 'came out differently'], [batch.same, 'the same as before'], [batch.newlyRead, 'readable for the first time'], [batch.failed, 'failed, shown as read before'],
    [batch.unreadable, 'still not readable'], [batch.overtaken, 'changed or thrown away meanwhile'],
  ];
  return words.filter(([count]) => count > 0).map(([count, what]) => `${count.toLocaleString('en-US')} ${what}`);
}
