/** A part of a list: the first, and past the last. */
export interface Span {
  first: number;
  last: number;
}

/** Farther than so many times what is in sight, it was a jump. */
const JUMP = 4;
/** So many sheets in the direction in which one moves: a hand at the wheel passes seven a second. */
const AHEAD = 3;

/**
 * Which sheets of a list to have, in the order in which to ask for them: those in sight, then those that come next in the direction of moving.
 * Who has jumped gets what is in sight alone: where the next movement goes, nobody knows.
 * @param sight in sight now
 * @param before in sight before that; null at the beginning
 * @param total items of the list; null while that is not known
 */
export function wantedSheets(sight: Span, before: Span | null, total: number | null, size: number): number[] {
  const end = total === null ? Math.floor(sight.first / size) + 1 : Math.ceil(total / size);
  const first = Math.min(Math.floor(sight.first / size), Math.max(0, end - 1));
  const last = Math.min(Math.max(first + 1, Math.ceil(sight.last / size)), end);
  const inSight = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
  if (!before || Math.abs(sight.first - before.first) > JUMP * (sight.last - sight.first)) return inSight;
  const [down, up] = sight.first > before.first ? [AHEAD, 0] : sight.first < before.first ? [0, AHEAD] : [1, 1];
  const ahead = [...Array.from({ length: down }, (_, i) => last + i), ...Array.from({ length: up }, (_, i) => first - 1 - i)];
  return [...inSight, ...ahead.filter((number) => number >= 0 && number < end)];
}
