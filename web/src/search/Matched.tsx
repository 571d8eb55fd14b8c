import type { SearchMatch } from '../api/types';
import classes from './Matched.module.css';

/** So many letters may stand before the first word that was found: in one short line it must be seen. */
const BEFORE = 20;

/** Where words of the query stand, the words themselves bold. */
export function Matched({ match: { text, ranges }, label }: { match: SearchMatch; label?: string }) {
  const parts: { text: string; isFound: boolean }[] = [];
  const first = ranges[0]?.[0] ?? 0;
  let at = label && first > BEFORE ? first - BEFORE : 0;
  if (at > 0) parts.push({ text: '…', isFound: false });
  for (const [start = 0, length = 0] of ranges) {
    parts.push({ text: text.slice(at, start), isFound: false }, { text: text.slice(start, start + length), isFound: true });
    at = start + length;
  }
  parts.push({ text: text.slice(at), isFound: false });
  return <span className={classes.matched}>{label && `${label}: `}{parts.map((part, i) => (part.isFound ? <b key={i}>{part.text}</b> : part.text))}</span>;
}

/** The reason that says most: not the name, which is seen anyway, where there is another. */
export const mainMatch = (matches: readonly SearchMatch[]): SearchMatch | undefined => matches.find(({ field }) => field !== 'name') ?? matches[0];
