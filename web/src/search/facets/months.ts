import type { FacetValue } from '../../api/types';
import type { Span } from './histogram';

/** From so many months on, years stand side by side. */
const MOST_MONTHS = 48;

export interface Timeline {
  counts: readonly number[];
  /** As a query writes them: 2017-03, or 2017. */
  names: readonly string[];
}

const indexOf = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
const nameOf = (index: number) => `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;

/** Months, or years where they are many, side by side; those without a recording stand there empty. */
export function timelineOf(values: readonly Pick<FacetValue, 'value' | 'count'>[]): Timeline {
  if (!values.length) return { counts: [], names: [] };
  const months = values.map(({ value, count }) => ({ index: indexOf(value), count }));
  const byYear = Math.max(...months.map(({ index }) => index)) - Math.min(...months.map(({ index }) => index)) >= MOST_MONTHS;
  const places = months.map(({ index, count }) => ({ at: byYear ? Math.floor(index / 12) : index, count }));
  const first = Math.min(...places.map(({ at }) => at));
  const last = Math.max(...places.map(({ at }) => at));
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const { at, count } of places) counts[at - first]! += count;
  return { counts, names: counts.map((_, i) => (byYear ? String(first + i).padStart(4, '0') : nameOf(first + i))) };
}

/** What stands in the query for some of them; null for all. */
export function periodText({ names }: Timeline, [from, to]: Span): string | null {
  if (from <= 0 && to >= names.length) return null;
  return to - from === 1 ? names[from]! : `${names[from]!}..${names[to - 1]!}`;
}

/** The bars that a value of the query touches, with at least one; null where it is no period. */
export function periodSpan({ names }: Timeline, written: string): Span | null {
  const bound = /^([<>]=?)(.+)$/.exec(written);
  const [low, high = low] = bound ? (bound[1]!.startsWith('<') ? ['', bound[2]!] : [bound[2]!, '']) : written.split('..');
  if (![low, high].every((end) => end === '' || /^\d{4}(-\d{2})?/.test(end!)) || (!low && !high)) return null;
  // Years and months compare as text, as far as both say.
  const shorter = (name: string, end: string) => [name.slice(0, end.length), end.slice(0, name.length)] as const;
  const before = (name: string, end: string) => shorter(name, end)[0] < shorter(name, end)[1];
  const after = (name: string, end: string) => shorter(name, end)[0] > shorter(name, end)[1];
  const from = low ? names.findIndex((name) => !before(name, low)) : 0;
  const first = from < 0 ? names.length - 1 : from;
  const beyond = high ? names.findIndex((name) => after(name, high)) : -1;
  return [first, Math.max(first + 1, beyond < 0 ? names.length : beyond)];
}
