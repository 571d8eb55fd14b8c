import { useEffect, useRef } from 'react';
import { useKeys } from '../shared/keys';
import { type Frame, toImage } from './frame';
import { type Drawn, inOrder, isByVertex, movedBy } from './shapes';
import { type Tool, TOOLS } from './tools';
import type { Marks } from './useMarks';

const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Keys of the image: the tools, and everything that the pointer does. A key that is taken here goes no further. */
export function useDrawingKeys(marks: Marks, frame: Frame, draft: Drawn | null, setDraft: (draft: Drawn | null) => void): void {
  const { tool, selected, canEdit } = marks;
  const take = (does: () => void) => (event: KeyboardEvent) => {
    event.preventDefault();
    does();
  };
  const isVertices = draft !== null && isByVertex(draft.kind) && tool === draft.kind;
  const placed = isVertices ? draft.points.slice(0, -2) : [];
  const isOnControl = (event: KeyboardEvent) => event.target instanceof HTMLElement && event.target.closest('button, a') !== null;

  const finish = (event: KeyboardEvent) => {
    if (isOnControl(event) && !isVertices) return;
    event.preventDefault();
    if (isVertices) {
      if (placed.length < (tool === 'polygon' ? 6 : 4)) return;
      setDraft(null);
      marks.draw({ kind: draft.kind, points: placed });
    } else if (tool !== 'select') marks.draw(inTheMiddle(tool, frame));
  };
  const leave = draft ? () => setDraft(null) : tool !== 'select' ? () => marks.use('select') : selected ? () => marks.select(null) : null;
  const back = isVertices
    ? () => setDraft(placed.length > 2 ? { kind: draft.kind, points: [...placed.slice(0, -2), ...draft.points.slice(-2)] } : null)
    : selected && canEdit ? () => marks.remove(selected.id) : null;
  const nudge = (event: KeyboardEvent) => {
    const [dx, dy] = ARROWS[event.key]!;
    const step = event.shiftKey ? 10 : 1;
    const from = draft ?? selected!;
    setDraft({ kind: from.kind, points: movedBy(from.points, dx * step, dy * step) });
  };
  const canNudge = selected !== null && canEdit && tool === 'select';

  useKeys({
    a: () => marks.open(!marks.isOpen),
    o: () => marks.show(!marks.isShown),
    ...(canEdit ? Object.fromEntries(TOOLS.map(({ key, tool: to }) => [key, () => { setDraft(null); marks.use(to); }])) : {}),
    ...(leave ? { Escape: take(leave) } : {}),
    ...(back ? { Backspace: take(back), Delete: take(back) } : {}),
    ...(canEdit && (isVertices || tool !== 'select') ? { Enter: finish } : {}),
    ...(canNudge ? Object.fromEntries(Object.keys(ARROWS).map((key) => [key, (event: KeyboardEvent) => take(() => nudge(event))(event)])) : {}),
  }, true);

  // What the arrows moved is kept when they are let go; and Ctrl Z, which is no key of a view.
  const latest = useRef({ marks, draft, canNudge, setDraft });
  useEffect(() => {
    latest.current = { marks, draft, canNudge, setDraft };
  });
  useEffect(() => {
    const up = (event: KeyboardEvent) => {
      const { marks, draft, canNudge, setDraft } = latest.current;
      if (!ARROWS[event.key] || !draft || !canNudge || !marks.selected) return;
      setDraft(null);
      marks.change(marks.selected.id, { points: inOrder(draft) });
    };
    const undo = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping || !latest.current.marks.canUndo) return;
      event.preventDefault();
      latest.current.marks.undo();
    };
    window.addEventListener('keyup', up);
    window.addEventListener('keydown', undo);
    return () => {
      window.removeEventListener('keyup', up);
      window.removeEventListener('keydown', undo);
    };
  }, []);
}

/** A shape to begin with for whoever has no pointer: a quarter of the stage wide, in its middle. */
function inTheMiddle(kind: Exclude<Tool, 'select'>, frame: Frame): Drawn {
  const { width: w, height: h } = frame;
  const at = (x: number, y: number) => toImage(frame, w / 2 + x * w / 8, h / 2 + y * h / 8);
  const points = kind === 'point' ? at(0, 0) : kind === 'polygon' ? [...at(-1, 1), ...at(1, 1), ...at(0, -1)] : kind === 'polyline' ? [...at(-1, 0), ...at(0, -1), ...at(1, 0)] : [...at(-1, -1), ...at(1, 1)];
  return { kind, points };
}
