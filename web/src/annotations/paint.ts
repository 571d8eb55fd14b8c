import type { Grid } from './grid';
import { type Frame, seen } from './frame';
import { pixelsOf } from './pixels';
import { type Drawn, handlesOf } from './shapes';

/** Okabe and Ito's colours, told apart by the colour-blind; the first is for shapes without a tag. */
export const COLOURS = ['#ffd43b', '#56b4e9', '#e69f00', '#00c79a', '#f5a6d0', '#ff8660', '#7fb8ff', '#c9e265'] as const;
const SELECTED = '#ffffff';
/** Smaller shapes, in CSS pixels, are drawn as dots where there are many; and where there is a crowd of so many. */
const DOT = 3;
const CROWD = 20_000;
const DOT_OF_CROWD = 6;
/** Up to so many in sight are drawn by the canvas, with a dark edge; of more it would take longer than a frame. */
const FEW = 300;
/** Width of a line where there are many, in CSS pixels. */
const LINE = 1;
/** Of more in sight than these, no labels are drawn; and no more labels than these. */
const LABELLED = 2000;
const LABELS = 200;
/** All outlines of one drawing, in device pixels: about 10 ms. Of more, the rest are dots. */
const OUTLINES = 3_000_000;

export interface Scene {
  shapes: readonly (Drawn & { id: string; label: string })[];
  colours: Uint8Array;
  grid: Grid;
  /** Index of the one that is drawn by `paintSelected`; −1 for none. */
  selected: number;
}

/** Draws what is in sight: few shapes well, many fast. */
export function paint(context: CanvasRenderingContext2D, scene: Scene, frame: Frame, ratio: number): void {
  const visible = scene.grid.within(seen(frame, 12)).filter((i) => i !== scene.selected);
  if (visible.length > FEW) paintMany(context, visible, scene, frame, ratio);
  else for (const i of visible) {
    context.lineJoin = 'round';
    // A path each: longer paths take disproportionately long.
    context.beginPath();
    trace(context, scene.shapes[i]!, frame);
    stroke(context, COLOURS[scene.colours[i]!]!, 1.5);
  }
  if (visible.length <= LABELLED) paintLabels(context, visible, scene.shapes, scene.grid, frame);
}

/** Thin lines and dots, pixel by pixel: a hundred thousand shapes take a few milliseconds. */
function paintMany(context: CanvasRenderingContext2D, visible: Int32Array, { shapes, colours, grid: { bounds } }: Scene, frame: Frame, ratio: number): void {
  const [originX, originY, stepX, stepY] = [frame.x * ratio, frame.y * ratio, frame.stepX * ratio, frame.stepY * ratio];
  let length = 0;
  for (const i of visible) length += 2 * ((bounds[4 * i + 2]! - bounds[4 * i]!) * stepX + (bounds[4 * i + 3]! - bounds[4 * i + 1]!) * stepY);
  const share = OUTLINES / length;
  const dot = (visible.length > CROWD ? DOT_OF_CROWD : DOT) * ratio;
  const dotSize = Math.max(1, Math.round(1.5 * ratio));

  const pixels = pixelsOf(new ImageData(context.canvas.width, context.canvas.height), COLOURS);
  for (const i of visible) {
    const width = (bounds[4 * i + 2]! - bounds[4 * i]!) * stepX;
    const height = (bounds[4 * i + 3]! - bounds[4 * i + 1]!) * stepY;
    // Points have no size.
    if ((width < dot && height < dot) || scattered(i) > share) {
      pixels.dot(originX + bounds[4 * i]! * stepX + width / 2, originY + bounds[4 * i + 1]! * stepY + height / 2, dotSize, colours[i]!);
      continue;
    }
    const { kind, points } = shapes[i]!;
    // Of something tiny with many vertices some are enough: about one a pixel.
    const step = 2 * Math.max(1, Math.floor(points.length / 2 / (width + height)));
    const vertices = kind === 'box' ? cornersOf(points) : kind === 'ellipse' ? roundOf(points, Math.min(64, 8 + Math.round(width + height))) : points;
    const first = kind === 'line' || kind === 'polyline' ? 0 : vertices.length - 2 - ((vertices.length - 2) % step);
    let fromX = originX + vertices[first]! * stepX;
    let fromY = originY + vertices[first + 1]! * stepY;
    for (let v = 0; v < vertices.length; v += step) {
      const toX = originX + vertices[v]! * stepX;
      const toY = originY + vertices[v + 1]! * stepY;
      pixels.line(fromX, fromY, toX, toY, LINE * ratio, colours[i]!);
      fromX = toX;
      fromY = toY;
    }
  }
  context.putImageData(pixels.data, 0, 0);
}

/** A number from 0 to 1, the same for a shape each time: so that those that are left out lie everywhere, and stay the same ones while one moves (Knuth's multiplicative hash). */
const scattered = (i: number) => (Math.imul(i, 2654435761) >>> 0) / 2 ** 32;

const cornersOf = ([left, top, right, bottom]: readonly number[]) => [left!, top!, right!, top!, right!, bottom!, left!, bottom!];

/** An ellipse as a polygon of so many vertices. */
function roundOf([left, top, right, bottom]: readonly number[], count: number): number[] {
  const vertices: number[] = [];
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * i) / count;
    vertices.push((left! + right! + (right! - left!) * Math.cos(angle)) / 2, (top! + bottom! + (bottom! - top!) * Math.sin(angle)) / 2);
  }
  return vertices;
}

/** Draws the selected shape, or one that is being drawn, with its handles. */
export function paintSelected(context: CanvasRenderingContext2D, shape: Drawn, frame: Frame, withHandles: boolean): void {
  context.beginPath();
  trace(context, shape, frame);
  stroke(context, SELECTED, 2.5);
  if (!withHandles) return;
  for (const [x, y] of handlesOf(shape).slice(0, 500)) {
    context.beginPath();
    context.rect(frame.x + x * frame.stepX - 4, frame.y + y * frame.stepY - 4, 8, 8);
    context.fillStyle = SELECTED;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = '#000';
    context.stroke();
  }
}

function stroke(context: CanvasRenderingContext2D, colour: string, width: number): void {
  context.strokeStyle = 'rgb(0 0 0 / 0.6)';
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

function trace(context: CanvasRenderingContext2D, { kind, points }: Drawn, { x, y, stepX, stepY }: Frame): void {
  const across = (i: number) => x + points[i]! * stepX;
  const down = (i: number) => y + points[i + 1]! * stepY;
  switch (kind) {
    case 'point':
      // A cross with a gap, so that what is marked stays in sight.
      for (const [dx, dy] of [[-1, 0], [1, 0], [0, -1], [0, 1]] as const) {
        context.moveTo(across(0) + dx * 3, down(0) + dy * 3);
        context.lineTo(across(0) + dx * 8, down(0) + dy * 8);
      }
      break;
    case 'box':
      context.rect(across(0), down(0), across(2) - across(0), down(2) - down(0));
      break;
    case 'ellipse': {
      const [a, b] = [Math.abs(across(2) - across(0)) / 2, Math.abs(down(2) - down(0)) / 2];
      const centre = (across(0) + across(2)) / 2;
      context.moveTo(centre + a, (down(0) + down(2)) / 2);
      context.ellipse(centre, (down(0) + down(2)) / 2, a, b, 0, 0, 2 * Math.PI);
      break;
    }
    default:
      context.moveTo(across(0), down(0));
      for (let i = 2; i < points.length; i += 2) context.lineTo(across(i), down(i));
      if (kind === 'polygon') context.closePath();
  }
}

function paintLabels(context: CanvasRenderingContext2D, indices: Int32Array, shapes: Scene['shapes'], { bounds }: Grid, frame: Frame): void {
  context.font = '13px system-ui, sans-serif';
  context.lineWidth = 3;
  context.strokeStyle = 'rgb(0 0 0 / 0.75)';
  context.fillStyle = '#fff';
  let left = LABELS;
  for (const i of indices) {
    const { label, kind } = shapes[i]!;
    const width = (bounds[4 * i + 2]! - bounds[4 * i]!) * frame.stepX;
    // A label much longer than its shape would be taken for another's.
    if (!label || (kind !== 'point' && width < Math.min(60, label.length * 4)) || left-- <= 0) continue;
    const text = label.length > 40 ? `${label.slice(0, 39)}…` : label;
    const x = Math.max(4, frame.x + bounds[4 * i]! * frame.stepX + (kind === 'point' ? 10 : 0));
    const y = Math.max(14, frame.y + bounds[4 * i + 1]! * frame.stepY - 5);
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
}
