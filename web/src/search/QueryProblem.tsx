import type { Problem } from '../api/client';
import classes from './QueryProblem.module.css';

/** What cannot be understood in a query, and where. */
export function QueryProblem({ query, problem: { title, detail, position, length } }: { query: string; problem: Problem }) {
  const start = position ?? query.length;
  // Something that is missing has no length: the place itself is marked then.
  const end = start + Math.max(1, length ?? 0);
  return (
    <div className={classes.problem} role="alert">
      {position !== null && <code className={classes.query}>{query.slice(0, start)}<u>{query.slice(start, end).padEnd(1, '\u00A0')}</u>{query.slice(end)}</code>}
      <p>{detail ?? title}</p>
    </div>
  );
}
