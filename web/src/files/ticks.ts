import type { Axis } from '../api/types';

export interface Tick {
  /** Coordinate on the axis. */
  value: number;
  /** From 0 at the first index to 1 at the last. */
  at: number;
}

/** Round coordinates (1, 2 or 5 times a power of ten) along an axis, about as many as asked for. */
export function ticksOf({ size, scale, offset }: Pick<Axis, 'size' | 'scale' | 'offset'>, about = 5): Tick[] {
  const [start, step] = [offset ?? 0, scale ?? 1];
  const span = step * (size - 1);
  if (!(Math.abs(span) > 0) || !Number.isFinite(span)) return [];
  const [low, high] = [Math.min(start, start + span), Math.max(start, start + span)];
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const every = power * (rough / power >= 5 ? 5 : rough / power >= 2 ? 2 : 1);
  const ticks: Tick[] = [];
  for (let i = Math.ceil(low / every); i * every <= high; i++) {
    // Through the shortest text of so many digits: 3 × 0.1 is 0.3.
    const value = Number((i * every).toPrecision(12));
    ticks.push({ value, at: Math.abs((value - start) / span) });
  }
  return ticks;
}
