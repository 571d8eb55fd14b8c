import type { ReactNode } from 'react';
import classes from './Empty.module.css';

/** An empty place: what would be here, and how to get it here. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <section className={classes.empty}>
      <h2>{title}</h2>
      <p>{children}</p>
      {action && <div className={classes.action}>{action}</div>}
    </section>
  );
}
