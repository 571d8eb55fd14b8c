import type { AnnotationKind } from '../api/types';

/** x, y, x, y … in pixels of the full image; of boxes and ellipses the least corner, then the greatest. */
export type Points = readonly number[];

export interface Drawn {
  kind: AnnotationKind;
  points: Points;
}

export interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const isCorners = (kind: AnnotationKind) => kind === 'box' || kind === 'ellipse';

/** Shapes that are drawn vertex by vertex, not with one drag. */
export const isByVertex = (kind: AnnotationKind) => kind === 'polyline' || kind === 'polygon';

export function boundsOf(points: Points): Bounds {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    if (x < bounds.left) bounds.left = x;
    if (x > bounds.right) bounds.right = x;
    if (y < bounds.top) bounds.top = y;
    if (y > bounds.bottom) bounds.bottom = y;
  }
  return bounds;
}

/** Corners of boxes and ellipses in their order, whichever way they were dragged. */
export function inOrder({ kind, points }: Drawn): number[] {
  if (!isCorners(kind)) return [...points];
  const { left, top, right, bottom } = boundsOf(points);
  return [left, top, right, bottom];
}

export const movedBy = (points: Points, dx: number, dy: number) => points.map((value, i) => value + (i % 2 ? dy : dx));

/** What can be dragged: the vertices; of boxes and ellipses the four corners. */
export function handlesOf({ kind, points }: Drawn): [number, number][] {
  if (isCorners(kind)) {
    const [left, top, right, bottom] = points as [number, number, number, number];
    return [[left, top], [right, top], [right, bottom], [left, bottom]];
  }
  return Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!]);
}

/** The shape with a handle dragged to a place; corners may cross. */
export function withHandle({ kind, points }: Drawn, handle: number, x: number, y: number): number[] {
  if (isCorners(kind)) {
    const corners = handlesOf({ kind, points });
    const [fixedX, fixedY] = corners[(handle + 2) % 4]!;
    return [fixedX, fixedY, x, y];
  }
  const moved = [...points];
  moved[2 * handle] = x;
  moved[2 * handle + 1] = y;
  return moved;
}

/** How far a place is from what is drawn of a shape, in CSS pixels by the given steps per image pixel; 0 inside a closed one. */
export const distanceTo = (drawn: Drawn, x: number, y: number, stepX: number, stepY: number) =>
  contains(drawn, x, y) ? 0 : distanceToOutline(drawn, x, y, stepX, stepY);

/** As `distanceTo`, but of the line alone. */
export function distanceToOutline({ kind, points }: Drawn, x: number, y: number, stepX: number, stepY: number): number {
  if (kind === 'point') return Math.hypot((x - points[0]!) * stepX, (y - points[1]!) * stepY);
  if (kind === 'ellipse') {
    const { dx, dy, out } = inEllipse(points, x, y);
    return out ? Math.hypot(dx * stepX, dy * stepY) * Math.abs(1 - 1 / out) : Infinity;
  }
  const corners = kind === 'box' ? handlesOf({ kind, points }).flat() : points;
  const isClosed = kind === 'box' || kind === 'polygon';
  let nearest = Infinity;
  for (let i = isClosed ? 0 : 2; i < corners.length; i += 2) {
    const before = i === 0 ? corners.length - 2 : i - 2;
    nearest = Math.min(nearest, toSegment((x - corners[before]!) * stepX, (y - corners[before + 1]!) * stepY, (corners[i]! - corners[before]!) * stepX, (corners[i + 1]! - corners[before + 1]!) * stepY));
  }
  return nearest;
}

function contains({ kind, points }: Drawn, x: number, y: number): boolean {
  const { left, top, right, bottom } = boundsOf(points);
  if (kind === 'box') return x >= left && x <= right && y >= top && y <= bottom;
  if (kind === 'ellipse') return inEllipse(points, x, y).out <= 1;
  return kind === 'polygon' && isInside(points, x, y);
}

/** A place seen from the centre of an ellipse; `out` is 1 on its line. */
function inEllipse(points: Points, x: number, y: number): { dx: number; dy: number; out: number } {
  const { left, top, right, bottom } = boundsOf(points);
  const [dx, dy] = [x - (left + right) / 2, y - (top + bottom) / 2];
  return { dx, dy, out: Math.hypot((2 * dx) / (right - left || 1e-9), (2 * dy) / (bottom - top || 1e-9)) };
}

function toSegment(px: number, py: number, dx: number, dy: number): number {
  const length = dx * dx + dy * dy;
  const along = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
  return Math.hypot(px - along * dx, py - along * dy);
}

/** Even-odd rule. */
function isInside(points: Points, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [points[i]!, points[i + 1]!, points[j]!, points[j + 1]!];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
