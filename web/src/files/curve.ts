import { type Tick, ticksOf } from './ticks';

/** A curve in equal pieces along its axis; null where nothing was measured. */
export interface Curve {
  low: (number | null)[];
  high: (number | null)[];
  /** Of how many spectra it is the mean. */
  spectra: number;
  /** The height that is 1 where heights are drawn as log10(1 + height / unit); null where they are better drawn as they are. */
  logarithmicUnit: number | null;
}

/** How a height becomes a share of the room: 0 at the bottom, 1 at the top. */
export interface Heights {
  of: (value: number) => number;
  ticks: Tick[];
}

/** @param unit as in a curve; null for heights as they are. */
export function heightsOf({ low, high }: Curve, unit: number | null): Heights {
  const [lows, highs] = [low, high].map((values) => values.filter((value) => value !== null));
  const least = Math.min(...lows!);
  const most = Math.max(...highs!);
  // Counts begin at nothing, unless all of them are high.
  const bottom = least > 0 && (unit !== null || least < 0.5 * most) ? 0 : least;
  if (!(most > bottom)) return { of: () => 0.5, ticks: [] };
  if (unit === null) return { of: (value) => (value - bottom) / (most - bottom), ticks: ticksOf({ size: 2, scale: most - bottom, offset: bottom }) };
  const log = (value: number) => Math.log10(1 + Math.max(0, value) / unit);
  const of = (value: number) => log(value) / log(most);
  const ticks: Tick[] = [{ value: 0, at: 0 }];
  for (let power = Math.ceil(Math.log10(unit)); 10 ** power <= most; power++) ticks.push({ value: 10 ** power, at: of(10 ** power) });
  return { of, ticks };
}

/** The line through all pieces as an SVG path in a room of the given size; it breaks where nothing was measured. */
export function pathOf({ low, high }: Curve, { of }: Heights, width: number, height: number): string {
  const x = (piece: number) => (low.length === 1 ? width / 2 : (piece / (low.length - 1)) * width).toFixed(1);
  const y = (value: number) => ((1 - of(value)) * height).toFixed(1);
  let path = '';
  let isOpen = false;
  for (let piece = 0; piece < low.length; piece++) {
    const [least, most] = [low[piece] ?? null, high[piece] ?? null];
    if (least === null || most === null) {
      isOpen = false;
      continue;
    }
    path += `${isOpen ? 'L' : 'M'}${x(piece)} ${y(least)}`;
    if (most !== least) path += `L${x(piece)} ${y(most)}`;
    isOpen = true;
  }
  return path;
}
