import { type RefObject, useEffect, useRef } from 'react';
import { type Box, FIT, panBy, type Viewport, zoomAt } from './viewport';

type Change = (to: (view: Viewport) => Viewport) => void;

/** Wheel, drag, pinch and double-click on the stage. */
export function useGestures(area: RefObject<HTMLElement | null>, stage: Box, picture: Box, change: Change): void {
  const latest = useRef({ stage, picture, change });
  useEffect(() => {
    latest.current = { stage, picture, change };
  });
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const pointers = new Map<number, { x: number; y: number }>();
    const at = (event: { clientX: number; clientY: number }) => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const isZoomed = () => element.dataset.zoomed !== undefined;

    const wheel = (event: WheelEvent) => {
      // At the whole picture the wheel belongs to the page, except when turned up at the page's top.
      if (!isZoomed() && !event.ctrlKey && (event.deltaY > 0 || window.scrollY > 0)) return;
      event.preventDefault();
      const { x, y } = at(event);
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 30 : event.deltaY;
      const { stage, picture, change } = latest.current;
      change((view) => zoomAt(view, Math.exp(-pixels * 0.002), x, y, stage, picture));
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || (event.target as HTMLElement).closest('button')) return;
      pointers.set(event.pointerId, at(event));
      element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, now);
      const { stage, picture, change } = latest.current;
      if (!other) return change((view) => panBy(view, now.x - before.x, now.y - before.y, stage, picture));
      const spread = (p: { x: number; y: number }) => Math.hypot(p.x - other.x, p.y - other.y) || 1;
      change((view) => zoomAt(view, spread(now) / spread(before), (now.x + other.x) / 2, (now.y + other.y) / 2, stage, picture));
    };
    const up = (event: PointerEvent) => void pointers.delete(event.pointerId);
    const doubleClick = (event: MouseEvent) => {
      if ((event.target as HTMLElement).closest('button')) return;
      const { x, y } = at(event);
      const { stage, picture, change } = latest.current;
      change((view) => (view.zoom > 1 ? FIT : zoomAt(view, 3, x, y, stage, picture)));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('dblclick', doubleClick);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('dblclick', doubleClick);
    };
  }, [area]);
}
