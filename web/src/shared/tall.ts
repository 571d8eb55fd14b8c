/** Browsers cut off what is higher: Firefox at 17.9 million pixels, Chromium at 33.5. */
export const TALLEST = 15_000_000;

/** A list that may be higher than an element can be, and what is in sight of it. */
export interface Tall {
  /** Height of the whole list. */
  full: number;
  /** Height of what is in sight. */
  view: number;
}

/** How high the element is that stands for the list. */
export const heightOf = (full: number) => Math.min(full, TALLEST);

/** How many pixels of the list one pixel of its scroll bar stands for. */
const ratio = ({ full, view }: Tall) => (full <= TALLEST ? 1 : (full - view) / (TALLEST - view));

/** Place in the list for a place of the scroll bar, and the other way round. */
export const toFull = (place: number, tall: Tall) => Math.round(place * ratio(tall));
export const toElement = (place: number, tall: Tall) => Math.round(place / ratio(tall));

/** Farther than so many views, it was the scroll bar, or a leap to an end, and not the wheel. */
const LEAP = 10;

/**
 * How far the drawn rows are above their place in the list. The wheel moves the list by its own pixels, so the difference stays; the bar goes to its share of the whole.
 * @param place scrolled to, in the element
 * @param before scrolled to before
 * @param shift so far
 */
export function shiftAt(place: number, before: number, shift: number, tall: Tall): number {
  if (tall.full <= TALLEST) return 0;
  const isLeap = Math.abs(place - before) > LEAP * tall.view;
  const full = isLeap ? toFull(place, tall) : Math.min(Math.max(0, place + shift), tall.full - tall.view);
  return full - place;
}
