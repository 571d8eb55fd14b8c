import type { Image } from '../api/types';
import type { Bounds } from './shapes';

/** Where the full image lies on the stage: a pixel coordinate p is drawn at x + p · stepX, in CSS pixels from the stage's corner. */
export interface Frame {
  x: number;
  y: number;
  stepX: number;
  stepY: number;
  width: number;
  height: number;
}

/** Sizes of the plane that a preview shows, in pixels of the full image; null where the preview shows no single plane. */
export function planeOf({ axes, shape, preview }: Image): { columns: number; rows: number } | null {
  if (!preview) return null;
  const last = (...names: string[]) => Math.max(...names.map((name) => axes.findLastIndex((axis) => axis.name === name)));
  // As the hub decides it (Annotations/ImagePlane.cs).
  const bare = axes.length !== shape.length;
  const across = preview.horizontalAxis ?? (preview.horizontalAxis === null ? -1 : bare ? shape.length - 1 : last('x', 'kx'));
  const down = preview.verticalAxis ?? (preview.verticalAxis === null ? -1 : bare ? shape.length - 2 : last('y', 'ky'));
  const [columns, rows] = [shape[across], shape[down]];
  return columns && rows && across !== down ? { columns, rows } : null;
}

export const toImage = ({ x, y, stepX, stepY }: Frame, atX: number, atY: number): [number, number] => [(atX - x) / stepX, (atY - y) / stepY];

/** What part of the image is on the stage, with a margin in CSS pixels. */
export function seen(frame: Frame, margin: number): Bounds {
  const [left, top] = toImage(frame, -margin, -margin);
  const [right, bottom] = toImage(frame, frame.width + margin, frame.height + margin);
  return { left, top, right, bottom };
}
