import type { Calibration } from '../api/types';
import { formatNumber, formatQuantity, metresPer } from '../files/quantity';
import { boundsOf, type Drawn } from './shapes';

export interface Measure {
  what: 'Length' | 'Perimeter' | 'Area';
  words: string;
}

/** Length and area of a shape, in the unit of its axes; in pixels where there is no common one. */
export function measuresOf(drawn: Drawn, calibration: Calibration | null): Measure[] {
  const unit = calibration?.x.unit && calibration.x.unit === calibration.y.unit ? calibration.x.unit : null;
  const [stepX, stepY] = unit ? [Math.abs(calibration!.x.scale), Math.abs(calibration!.y.scale)] : [1, 1];
  const length = lengthOf(drawn, stepX, stepY);
  const area = areaOf(drawn, stepX, stepY);
  return [
    ...(length === null ? [] : [{ what: area === null ? 'Length' as const : 'Perimeter' as const, words: formatLength(length, unit) }]),
    ...(area === null ? [] : [{ what: 'Area' as const, words: formatArea(area, unit) }]),
  ];
}

export function lengthOf({ kind, points }: Drawn, stepX: number, stepY: number): number | null {
  if (kind === 'point') return null;
  const { left, top, right, bottom } = boundsOf(points);
  const [width, height] = [(right - left) * stepX, (bottom - top) * stepY];
  if (kind === 'box') return 2 * (width + height);
  if (kind === 'ellipse') {
    // Ramanujan's second approximation, as the hub's exports have it.
    const [a, b] = [width / 2, height / 2];
    const h = a + b ? (3 * (a - b) ** 2) / (a + b) ** 2 : 0;
    return Math.PI * (a + b) * (1 + h / (10 + Math.sqrt(4 - h)));
  }
  let length = 0;
  for (let i = kind === 'polygon' ? 0 : 2; i < points.length; i += 2) {
    const before = i === 0 ? points.length - 2 : i - 2;
    length += Math.hypot((points[i]! - points[before]!) * stepX, (points[i + 1]! - points[before + 1]!) * stepY);
  }
  return length;
}

export function areaOf({ kind, points }: Drawn, stepX: number, stepY: number): number | null {
  const { left, top, right, bottom } = boundsOf(points);
  if (kind === 'box') return (right - left) * (bottom - top) * stepX * stepY;
  if (kind === 'ellipse') return (Math.PI / 4) * (right - left) * (bottom - top) * stepX * stepY;
  if (kind !== 'polygon') return null;
  let twice = 0;
  const [x0, y0] = [points[0]!, points[1]!];
  for (let i = 2; i + 3 < points.length; i += 2) twice += (points[i]! - x0) * (points[i + 3]! - y0) - (points[i + 2]! - x0) * (points[i + 1]! - y0);
  return (Math.abs(twice) / 2) * stepX * stepY;
}

function formatLength(length: number, unit: string | null): string {
  const metres = metresPer(unit);
  return metres === null ? `${formatNumber(length, 4)} ${unit ?? 'px'}` : formatQuantity(length * metres, 'm', 4);
}

const SQUARES: [number, string][] = [[1, 'm²'], [1e-3, 'mm²'], [1e-6, 'µm²'], [1e-9, 'nm²'], [1e-12, 'pm²']];

function formatArea(area: number, unit: string | null): string {
  const metres = metresPer(unit);
  if (metres === null || area === 0) return `${formatNumber(area, 4)} ${unit ?? 'px'}²`;
  const side = Math.sqrt(area) * metres;
  // Areas grow by a million from prefix to prefix: up to 100 000 nm² is read more easily than 0.1 µm².
  const [factor, name] = SQUARES.find(([f]) => side >= f * (1 - 1e-9)) ?? SQUARES.at(-1)!;
  return `${formatNumber((side / factor) ** 2, 4)} ${name}`;
}
