import type { Grid } from './grid';
import { type Frame, seen } from './frame';
import { type Drawn, handlesOf } from './shapes';

/** Okabe and Ito's colours, told apart by the colour-blind; the first is for shapes without a tag. */
export const COLOURS = ['#ffd43b', '#56b4e9', '#e69f00', '#00c79a', '#f5a6d0', '#ff8660', '#7fb8ff', '#c9e265'] as const;
const SELECTED = '#ffffff';
/** Smaller shapes, in CSS pixels, are drawn as dots. */
const DOT = 3;
/** Of more shapes than this, neither a dark edge nor the label is drawn. */
const MANY = 2000;
/** Shapes in one path: longer paths take disproportionately long. */
const IN_A_PATH = 400;
const LABELS = 200;

export interface Scene {
  shapes: readonly (Drawn & { id: string; label: string })[];
  colours: Uint8Array;
  grid: Grid;
  /** Index of the one that is drawn by `paintSelected`; −1 for none. */
  selected: number;
}

/** Draws what is in sight. Tiny shapes are dots of single pixels, so that a hundred thousand take no longer than the picture is large. */
export function paint(context: CanvasRenderingContext2D, { shapes, colours, grid, selected }: Scene, frame: Frame, ratio: number): void {
  const { canvas } = context;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const visible = grid.within(seen(frame, 12));
  const large: number[][] = COLOURS.map(() => []);
  let dots: Dots | null = null;
  let drawn = 0;
  for (const i of visible) {
    if (i === selected) continue;
    const width = (grid.bounds[4 * i + 2]! - grid.bounds[4 * i]!) * frame.stepX;
    const height = (grid.bounds[4 * i + 3]! - grid.bounds[4 * i + 1]!) * frame.stepY;
    if ((width < DOT && height < DOT && shapes[i]!.kind !== 'point') || (shapes[i]!.kind === 'point' && visible.length > MANY)) {
      dots ??= dotsOn(canvas);
      const x = frame.x + ((grid.bounds[4 * i]! + grid.bounds[4 * i + 2]!) / 2) * frame.stepX;
      const y = frame.y + ((grid.bounds[4 * i + 1]! + grid.bounds[4 * i + 3]!) / 2) * frame.stepY;
      dots.add(x * ratio, y * ratio, Math.max(1, Math.round(1.5 * ratio)), colours[i]!);
    } else {
      large[colours[i]!]!.push(i);
      drawn++;
    }
  }

  if (dots) context.putImageData(dots.data, 0, 0);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.lineJoin = 'round';
  large.forEach((indices, colour) => {
    for (let from = 0; from < indices.length; from += IN_A_PATH) {
      context.beginPath();
      for (const i of indices.slice(from, from + IN_A_PATH)) trace(context, shapes[i]!, frame);
      stroke(context, COLOURS[colour]!, 1.5, drawn < MANY);
    }
  });
  if (drawn < MANY) paintLabels(context, large.flat(), shapes, grid, frame);
}

/** Draws the selected shape, or one that is being drawn, with its handles. */
export function paintSelected(context: CanvasRenderingContext2D, shape: Drawn, frame: Frame, withHandles: boolean): void {
  context.beginPath();
  trace(context, shape, frame);
  stroke(context, SELECTED, 2.5, true);
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

function stroke(context: CanvasRenderingContext2D, colour: string, width: number, hasEdge: boolean): void {
  if (hasEdge) {
    context.strokeStyle = 'rgb(0 0 0 / 0.6)';
    context.lineWidth = width + 2;
    context.stroke();
  }
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

function paintLabels(context: CanvasRenderingContext2D, indices: number[], shapes: Scene['shapes'], { bounds }: Grid, frame: Frame): void {
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

interface Dots {
  data: ImageData;
  add: (x: number, y: number, size: number, colour: number) => void;
}

function dotsOn({ width, height }: HTMLCanvasElement): Dots {
  const data = new ImageData(width, height);
  const pixels = new Uint32Array(data.data.buffer);
  // Bytes lie as R, G, B, A in memory: the number is A B G R on little-endian machines, which all browsers run on.
  const values = COLOURS.map((colour) => {
    const rgb = Number.parseInt(colour.slice(1), 16);
    return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
  });
  const add = (x: number, y: number, size: number, colour: number) => {
    const [x0, y0] = [Math.round(x - size / 2), Math.round(y - size / 2)];
    for (let row = Math.max(0, y0); row < Math.min(height, y0 + size); row++)
      for (let column = Math.max(0, x0); column < Math.min(width, x0 + size); column++) pixels[row * width + column] = values[colour]!;
  };
  return { data, add };
}
