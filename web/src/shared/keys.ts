import { useEffect, useRef } from 'react';

type Handler = (event: KeyboardEvent) => void;

/**
 * Keys of a view, by `event.key`. They rest while something is being typed or a dialog is open.
 * @param isFirst before those of the other views; a key that it prevents the default of does not reach them
 */
export function useKeys(handlers: Record<string, Handler>, isFirst = false): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const handler = latest.current[event.key];
      if (!handler || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return;
      handler(event);
    };
    window.addEventListener('keydown', listen, isFirst);
    return () => window.removeEventListener('keydown', listen, isFirst);
  }, [isFirst]);
}

// The list of a field that completes is there before it is open.
const isSomethingOpen = () => [...document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]')].some((element) => element.checkVisibility());

/** Whether a dialog or menu was open when the key that is on its way was pressed: one that Escape closes may be gone before the views hear of the key. */
let wasOpen = false;
globalThis.window?.addEventListener('keydown', () => (wasOpen = isSomethingOpen()), { capture: true });

/** Whether a key belongs to what is being typed, or to an open dialog or menu. */
export function isTaken(target: EventTarget | null): boolean {
  if (wasOpen || isSomethingOpen()) return true;
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return false;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
