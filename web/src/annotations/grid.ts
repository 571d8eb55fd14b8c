import { boundsOf, type Bounds, type Drawn } from './shapes';

/** Shapes by place: asked for those that may be seen in a part of the image. */
export interface Grid {
  /** left, top, right, bottom of each shape. */
  bounds: Float64Array;
  /** Indices of the shapes whose bounds touch an area, in no order, each once. */
  within: (area: Bounds) => Int32Array;
}

const PER_CELL = 8;
const MOST_CELLS = 256;
/** A shape that lies in more cells than this is always looked at. */
const SPREAD = 64;

/** Cells of equal size over all shapes; each lists its shapes in one array (as sparse matrices are kept). */
export function gridOf(shapes: readonly Drawn[]): Grid {
  const count = shapes.length;
  const bounds = new Float64Array(4 * count);
  const all: Bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i < count; i++) {
    const { left, top, right, bottom } = boundsOf(shapes[i]!.points);
    bounds.set([left, top, right, bottom], 4 * i);
    all.left = Math.min(all.left, left);
    all.top = Math.min(all.top, top);
    all.right = Math.max(all.right, right);
    all.bottom = Math.max(all.bottom, bottom);
  }

  const side = Math.max(1, Math.min(MOST_CELLS, Math.ceil(Math.sqrt(count / PER_CELL))));
  const [cellWidth, cellHeight] = [(all.right - all.left) / side || 1, (all.bottom - all.top) / side || 1];
  const column = (x: number) => Math.min(side - 1, Math.max(0, Math.floor((x - all.left) / cellWidth)));
  const row = (y: number) => Math.min(side - 1, Math.max(0, Math.floor((y - all.top) / cellHeight)));

  const starts = new Int32Array(side * side + 1);
  const wide: number[] = [];
  const cells = (i: number, visit: (cell: number) => void) => {
    const [c0, r0, c1, r1] = [column(bounds[4 * i]!), row(bounds[4 * i + 1]!), column(bounds[4 * i + 2]!), row(bounds[4 * i + 3]!)];
    if ((c1 - c0 + 1) * (r1 - r0 + 1) > SPREAD) return false;
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) visit(r * side + c);
    return true;
  };
  for (let i = 0; i < count; i++) if (!cells(i, (cell) => starts[cell + 1]!++)) wide.push(i);
  for (let cell = 0; cell < side * side; cell++) starts[cell + 1]! += starts[cell]!;
  const members = new Int32Array(starts[side * side]!);
  const filled = starts.slice();
  for (let i = 0; i < count; i++) cells(i, (cell) => void (members[filled[cell]!++] = i));

  const seen = new Int32Array(count);
  const found = new Int32Array(count);
  let asked = 0;
  const within = ({ left, top, right, bottom }: Bounds) => {
    asked++;
    let n = 0;
    const look = (i: number) => {
      if (seen[i] === asked) return;
      seen[i] = asked;
      if (bounds[4 * i]! <= right && bounds[4 * i + 2]! >= left && bounds[4 * i + 1]! <= bottom && bounds[4 * i + 3]! >= top) found[n++] = i;
    };
    for (const i of wide) look(i);
    if (count > 0 && left <= all.right && right >= all.left && top <= all.bottom && bottom >= all.top)
      for (let r = row(top); r <= row(bottom); r++)
        for (let at = starts[r * side + column(left)]!, end = starts[r * side + column(right) + 1]!; at < end; at++) look(members[at]!);
    return found.subarray(0, n);
  };
  return { bounds, within };
}
