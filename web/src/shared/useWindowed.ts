import { type RefObject, useLayoutEffect, useState } from 'react';

export interface Window {
  /** First and past-the-last row to draw. */
  first: number;
  last: number;
  /** Width of the container, for counting columns. */
  width: number;
}

const OVERSCAN = 4;

/**
 * Which rows of equal height are in sight, within the page's own scrolling or a scrolling container.
 * The container must be `rows * rowHeight` high.
 * @param likelyWidth drawn with until the container is measured, so that the page has its height at once when one comes back to it
 */
export function useWindowed(container: RefObject<HTMLElement | null>, rowHeight: number | ((width: number) => number), scroller?: RefObject<HTMLElement | null>, likelyWidth = 0): Window {
  const [window_, setWindow] = useState<Window>({ first: 0, last: 20, width: likelyWidth });
  useLayoutEffect(() => {
    const measure = () => {
      const element = container.current;
      if (!element) return;
      const { top, width } = element.getBoundingClientRect();
      const view = scroller?.current?.getBoundingClientRect();
      const from = view ? view.top : 0;
      const height = view ? view.height : window.innerHeight;
      const row = typeof rowHeight === 'number' ? rowHeight : rowHeight(width);
      const first = Math.max(0, Math.floor((from - top) / row) - OVERSCAN);
      const last = Math.max(0, Math.ceil((from + height - top) / row) + OVERSCAN);
      setWindow((old) => (old.first === first && old.last === last && old.width === width ? old : { first, last, width }));
    };
    measure();
    const target: HTMLElement | globalThis.Window = scroller?.current ?? window;
    target.addEventListener('scroll', measure, { passive: true });
    const resized = new ResizeObserver(measure);
    if (container.current) resized.observe(container.current);
    resized.observe(document.documentElement);
    return () => {
      target.removeEventListener('scroll', measure);
      resized.disconnect();
    };
  }, [container, rowHeight, scroller]);
  return window_;
}
