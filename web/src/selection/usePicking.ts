import { type MouseEvent, type PointerEvent, useRef } from 'react';
import type { Choosing } from './useSelection';

const HOLD_MS = 500;

/**
 * What a link of a list does besides opening: Ctrl or ⌘ and a click chooses it, Shift and a click all up to it, a long press by touch chooses it.
 * Where something is chosen already, a tap chooses too, as in photo libraries; a plain click of a mouse always opens.
 */
export function usePicking(id: string, selection: Choosing | undefined) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const held = useRef(false);
  const touched = useRef(false);
  if (!selection) return {};
  const end = () => clearTimeout(timer.current);
  return {
    onPointerDown: ({ pointerType }: PointerEvent) => {
      held.current = false;
      touched.current = pointerType === 'touch';
      if (!touched.current) return;
      timer.current = setTimeout(() => {
        held.current = true;
        selection.toggle(id);
      }, HOLD_MS);
    },
    onPointerUp: end,
    onPointerCancel: end,
    onContextMenu: (event: MouseEvent) => touched.current && event.preventDefault(),
    // Shift and a click would mark the text between.
    onMouseDown: (event: MouseEvent) => event.shiftKey && event.preventDefault(),
    onClick: (event: MouseEvent) => {
      if (held.current) held.current = false;
      else if (event.shiftKey) selection.extendTo(id);
      else if (event.ctrlKey || event.metaKey || (touched.current && selection.isAny())) selection.toggle(id);
      else return;
      event.preventDefault();
    },
  };
}
