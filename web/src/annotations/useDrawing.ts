import { type RefObject, useEffect, useRef } from 'react';
import { type Frame, toImage } from './frame';
import type { Scene } from './paint';
import { distanceTo, distanceToOutline, type Drawn, handlesOf, inOrder, isByVertex, movedBy, withHandle } from './shapes';
import type { Marks } from './useMarks';

/** How near, in CSS pixels, is at it. */
const NEAR = 8;
/** A pointer that moved less was a click. */
const CLICK = 4;

/**
 * The pointer on the image. What draws or changes a shape is kept from the gestures of the stage; all else moves the image as ever.
 * While vertices are set, the draft's last point follows the pointer.
 */
export function useDrawing(canvas: RefObject<HTMLCanvasElement | null>, marks: Marks, scene: Scene, frame: Frame, draft: Drawn | null, setDraft: (draft: Drawn | null) => void): void {
  const latest = useRef({ marks, scene, frame, draft, setDraft });
  useEffect(() => {
    latest.current = { marks, scene, frame, draft, setDraft };
  });
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let pressed: { id: number; x: number; y: number; drag: ((x: number, y: number) => Drawn) | null } | null = null;
    const place = (event: { clientX: number; clientY: number }) => {
      const { left, top } = element.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top] as const;
    };
    const set = (to: Drawn | null) => {
      latest.current.draft = to;
      latest.current.setDraft(to);
    };

    const down = (event: PointerEvent) => {
      if (event.button !== 0 || pressed) return;
      const { marks, frame } = latest.current;
      const [cssX, cssY] = place(event);
      const [x, y] = toImage(frame, cssX, cssY);
      const drag = marks.canEdit ? dragFrom(marks, frame, x, y) : null;
      pressed = { id: event.pointerId, x: cssX, y: cssY, drag };
      if (!drag) return;
      event.stopPropagation();
      element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent) => {
      const { marks, frame, draft } = latest.current;
      const [cssX, cssY] = place(event);
      const [x, y] = toImage(frame, cssX, cssY);
      if (pressed?.id === event.pointerId && pressed.drag) {
        if (draft || Math.hypot(cssX - pressed.x, cssY - pressed.y) >= CLICK) set(pressed.drag(x, y));
      } else if (draft && !pressed && isByVertex(draft.kind) && marks.tool === draft.kind) {
        set({ kind: draft.kind, points: [...draft.points.slice(0, -2), x, y] });
      }
    };
    const up = (event: PointerEvent) => {
      if (pressed?.id !== event.pointerId) return;
      const { drag, x: fromX, y: fromY } = pressed;
      pressed = null;
      const { marks, scene, frame, draft } = latest.current;
      const [cssX, cssY] = place(event);
      const [x, y] = toImage(frame, cssX, cssY);
      if (drag) {
        if (!draft) return;
        set(null);
        if (marks.tool !== 'select') marks.draw(draft);
        else if (marks.selected) marks.change(marks.selected.id, { points: inOrder(draft) });
      } else if (event.type === 'pointerup' && Math.hypot(cssX - fromX, cssY - fromY) < CLICK) {
        click(marks, scene, frame, draft, x, y, set);
      }
    };
    const doubleClick = (event: MouseEvent) => {
      if (latest.current.marks.tool !== 'select') event.stopPropagation();
    };
    element.addEventListener('pointerdown', down);
    // The stage takes the pointer while the image is moved: its events reach the window only.
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', up);
    element.addEventListener('dblclick', doubleClick);
    return () => {
      element.removeEventListener('pointerdown', down);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', up);
      element.removeEventListener('dblclick', doubleClick);
    };
  }, [canvas]);
}

/** What dragging from here does to which shape; null where it moves the image. */
function dragFrom({ tool, selected }: Marks, { stepX, stepY }: Frame, x: number, y: number): ((x: number, y: number) => Drawn) | null {
  if (tool === 'line' || tool === 'box' || tool === 'ellipse') return (toX, toY) => ({ kind: tool, points: [x, y, toX, toY] });
  if (tool !== 'select' || !selected) return null;
  const handle = handlesOf(selected).findIndex(([hx, hy]) => Math.hypot((hx - x) * stepX, (hy - y) * stepY) <= NEAR);
  if (handle >= 0) return (toX, toY) => ({ kind: selected.kind, points: withHandle(selected, handle, toX, toY) });
  if (distanceToOutline(selected, x, y, stepX, stepY) <= NEAR) return (toX, toY) => ({ kind: selected.kind, points: movedBy(selected.points, toX - x, toY - y) });
  return null;
}

function click(marks: Marks, scene: Scene, frame: Frame, draft: Drawn | null, x: number, y: number, set: (draft: Drawn | null) => void): void {
  const { tool } = marks;
  if (tool === 'select') return marks.select(marks.isShown ? hit(scene, frame, x, y) : null);
  if (!marks.canEdit) return;
  if (tool === 'point') return marks.draw({ kind: 'point', points: [x, y] });
  if (!isByVertex(tool)) return;
  const placed = draft?.points.slice(0, -2) ?? [];
  const isAt = (i: number) => placed.length > i && Math.hypot((placed.at(i)! - x) * frame.stepX, (placed.at(i + 1)! - y) * frame.stepY) <= NEAR;
  const enough = placed.length >= (tool === 'polygon' ? 6 : 4);
  if (enough && (isAt(placed.length - 2) || (tool === 'polygon' && isAt(0)))) {
    set(null);
    marks.draw({ kind: tool, points: placed });
  } else if (!placed.length || !isAt(placed.length - 2)) {
    set({ kind: tool, points: [...placed, x, y, x, y] });
  }
}

/** The shape at a place: the nearest; of those that hold it, the smallest. */
function hit({ shapes, grid }: Scene, { stepX, stepY }: Frame, x: number, y: number): string | null {
  const [reachX, reachY] = [NEAR / stepX, NEAR / stepY];
  let best: { id: string; distance: number; size: number } | null = null;
  for (const i of grid.within({ left: x - reachX, top: y - reachY, right: x + reachX, bottom: y + reachY })) {
    const distance = distanceTo(shapes[i]!, x, y, stepX, stepY);
    const size = (grid.bounds[4 * i + 2]! - grid.bounds[4 * i]!) * (grid.bounds[4 * i + 3]! - grid.bounds[4 * i + 1]!);
    if (distance <= NEAR && (!best || distance < best.distance || (distance === best.distance && size < best.size))) best = { id: shapes[i]!.id, distance, size };
  }
  return best?.id ?? null;
}
