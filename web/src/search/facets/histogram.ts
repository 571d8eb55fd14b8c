import type { FacetValue } from '../../api/types';
import { readRange, rounded, writeQuantity } from './quantityText';

/** As the hub counts them: so many bins for each decade. */
const BINS_PER_DECADE = 8;

export interface Bars {
  counts: readonly number[];
  /** Edges of the bars, one more than there are bars. */
  edges: readonly number[];
}

const binOf = (value: number) => Math.round(Math.log10(value) * BINS_PER_DECADE);

/** Bins side by side on a logarithmic scale; those that nothing fell into stand there empty. */
export function barsOf(values: readonly Pick<FacetValue, 'from' | 'count'>[]): Bars {
  const counted = values.flatMap(({ from, count }) => (from != null && from > 0 ? [{ bin: binOf(from), count }] : []));
  if (!counted.length) return { counts: [], edges: [] };
  const first = Math.min(...counted.map(({ bin }) => bin));
  const last = Math.max(...counted.map(({ bin }) => bin));
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const { bin, count } of counted) counts[bin - first]! += count;
  return { counts, edges: Array.from({ length: counts.length + 1 }, (_, i) => 10 ** ((first + i) / BINS_PER_DECADE)) };
}

/** Bars from the first to before the second are meant. */
export type Span = readonly [number, number];

/** What stands in the query for some of the bars; null for all of them. An end that is the end of all is left open. */
export function rangeText({ edges }: Bars, [from, to]: Span, unit: string | null): string | null {
  const bars = edges.length - 1;
  if (from <= 0 && to >= bars) return null;
  const low = from > 0 ? writeQuantity(rounded(edges[from]!, 'down'), unit) : '';
  const high = to < bars ? writeQuantity(rounded(edges[to]!, 'up'), unit) : '';
  return `${low}..${high}`;
}

/** The bars that a value of the query means, with at least one; null where it is no range. */
export function spanOf({ edges }: Bars, written: string, unit: string | null): Span | null {
  const range = readRange(written, unit);
  if (!range) return null;
  const bars = edges.length - 1;
  // Written ends are a little outside of the edges that they mean.
  const from = range.from === null ? 0 : nearest(edges, range.from);
  const to = range.to === null ? bars : nearest(edges, range.to);
  return [Math.min(from, bars - 1), Math.max(to, Math.min(from, bars - 1) + 1)];
}

/** The edge that is nearest on the logarithmic scale. */
function nearest(edges: readonly number[], value: number): number {
  let best = 0;
  edges.forEach((edge, i) => {
    if (Math.abs(Math.log(edge / value)) < Math.abs(Math.log(edges[best]! / value))) best = i;
  });
  return best;
}
