import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { heightOf, shiftAt, type Tall, toElement } from './tall';

/** What of a list of rows is drawn. */
export interface TallWindow {
  /** First and past-the-last row to draw. */
  first: number;
  last: number;
  /** Width of the container, for counting columns. */
  width: number;
  /** Height that the container must have. */
  height: number;
  /** Rows go by faster than one could see what is in them. */
  isRushing: boolean;
  /** Draw rows so many pixels higher than where they are in the list. */
  shift: number;
  /** Scrolls so far that a row is in sight. */
  show: (row: number) => void;
}

interface Rows {
  /** How many there are, in a container of some width, and how high one is. */
  count: (width: number) => number;
  height: (width: number) => number;
}

/** Drawn above and below what is in sight. */
const OVERSCAN_PX = 800;
/** And so many times as much as was scrolled last, in the same direction, up to a limit: the wheel should not come to the end of it before the next drawing. */
const AHEAD = 4;
const AHEAD_PX = 4000;
/** So many views in a second are a rush. */
const RUSH = 8;
/** After so long at one place, a rush has ended, and the scroll bar goes to its share of the list. */
const REST_MS = 120;
/** Above what is in sight, the header of the page. */
const HEADER = 60;

/**
 * Which rows of equal height are in sight within the page's own scrolling, of a list as long as it likes: one that is higher than an element can be is scaled (tall.ts).
 * @param likelyWidth drawn with until the container is measured, so that the page has its height at once when one comes back to it
 */
export function useTallWindow(container: RefObject<HTMLElement | null>, rows: Rows, likelyWidth = 0): TallWindow {
  const [drawn, setDrawn] = useState({ first: 0, last: 12, width: likelyWidth, shift: 0, isRushing: false });
  const at = useRef({ place: 0, shift: 0 });
  const { count, height } = rows;
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let covered = { first: 0, last: 0, width: 0, shift: 0, isRushing: false };
    let measuredAt = -Infinity;
    let wasQuick = false;
    const draw = (next: typeof covered, isAtOnce: boolean) => {
      covered = next;
      const set = () => setDrawn((old) => (Object.keys(next).every((key) => old[key as keyof typeof old] === next[key as keyof typeof next]) ? old : next));
      if (isAtOnce) flushSync(set);
      else set();
    };
    const measure = (isScrolled: boolean) => {
      const element = container.current;
      if (!element) return;
      const { top, width } = element.getBoundingClientRect();
      const row = height(width);
      const tall = { full: count(width) * row, view: window.innerHeight };
      const place = Math.min(Math.max(0, -top), Math.max(0, heightOf(tall.full) - tall.view));
      const moved = place - at.current.place;
      const shift = shiftAt(place, at.current.place, at.current.shift, tall);
      at.current = { place, shift };
      const now = performance.now();
      const isQuick = Math.abs(moved) > (RUSH * tall.view * (now - measuredAt)) / 1000;
      // A single leap is none.
      const isRushing = isQuick && wasQuick;
      [wasQuick, measuredAt] = [isQuick, now];
      const from = -top + shift;
      const ahead = Math.abs(moved) > 10 * tall.view ? 0 : Math.min(AHEAD_PX, AHEAD * Math.abs(moved));
      const first = Math.max(0, Math.floor((from - OVERSCAN_PX - (moved < 0 ? ahead : 0)) / row));
      const last = Math.max(0, Math.ceil((from + tall.view + OVERSCAN_PX + (moved > 0 ? ahead : 0)) / row));
      // What comes in sight undrawn must be there in this very frame.
      const isUndrawn = from < covered.first * row || (from + tall.view > covered.last * row && covered.last < count(width)) || shift !== covered.shift;
      draw({ first, last, width, shift, isRushing }, isScrolled && isUndrawn);
      clearTimeout(timer);
      timer = setTimeout(rest, REST_MS, place, shift, tall);
    };
    const rest = (place: number, shift: number, tall: Tall) => {
      wasQuick = false;
      draw({ ...covered, isRushing: false }, false);
      const share = toElement(place + shift, tall);
      if (share === place || tall.full === heightOf(tall.full)) return;
      at.current = { place: share, shift: place + shift - share };
      window.scrollBy({ top: share - place, behavior: 'instant' });
    };
    const scrolled = () => measure(true);
    measure(false);
    window.addEventListener('scroll', scrolled, { passive: true });
    const resized = new ResizeObserver(() => measure(false));
    if (container.current) resized.observe(container.current);
    resized.observe(document.documentElement);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('scroll', scrolled);
      resized.disconnect();
    };
  }, [container, count, height]);

  const sizes = useRef(rows);
  useEffect(() => {
    sizes.current = rows;
  });
  const show = useCallback((index: number) => {
    const element = container.current;
    if (!element) return;
    const { top, width } = element.getBoundingClientRect();
    const row = sizes.current.height(width);
    const tall = { full: sizes.current.count(width) * row, view: window.innerHeight };
    const from = -top + at.current.shift;
    const to = index * row < from + HEADER ? index * row - HEADER - 20 : Math.max(from, (index + 1) * row - tall.view + 20);
    const far = Math.abs(to - from) > tall.view * 5;
    if (to !== from) window.scrollBy({ top: far ? toElement(to, tall) + top : to - from, behavior: 'instant' });
  }, [container]);
  return { ...drawn, height: heightOf(count(drawn.width) * height(drawn.width)), show };
}
