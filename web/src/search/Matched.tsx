import type { SearchMatch } from '../api/types';
import classes from './Matched.module.css';

/** Where words of the query stand, the words themselves bold. */
export function Matched({ match: { text, ranges }, label }: { match: SearchMatch; label?: string }) {
  const parts: { text: string; isFound: boolean }[] = [];
  let at = 0;
  for (const [start = 0, length = 0] of ranges) {
    parts.push({ text: text.slice(at, start), isFound: false }, { text: text.slice(start, start + length), isFound: true });
    at = start + length;
  }
  parts.push({ text: text.slice(at), isFound: false });
  return <span className={classes.matched}>{label && `${label}: `}{parts.map((part, i) => (part.isFound ? <b key={i}>{part.text}</b> : part.text))}</span>;
}

/** The reason that says most: not the name, which is seen anyway, where there is another. */
export const mainMatch = (matches: readonly SearchMatch[]): SearchMatch | undefined => matches.find(({ field }) => field !== 'name') ?? matches[0];
