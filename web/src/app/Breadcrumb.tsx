import { Link } from 'react-router-dom';
import type { NodeName } from '../api/types';
import { Icon } from '../shared/Icon';
import classes from './Breadcrumb.module.css';

/** The way here from the root; `current` is where one stands and no link. */
export function Breadcrumb({ path, current }: { path: NodeName[]; current: string }) {
  return (
    <nav aria-label="Breadcrumb" className={classes.breadcrumb}>
      <ol>
        <li><Link to="/">Projects</Link></li>
        {path.map(({ id, name }) => (
          <li key={id}><Icon name="chevron" size={12} /><Link to={`/nodes/${id}`}>{name}</Link></li>
        ))}
        <li aria-current="page"><Icon name="chevron" size={12} /><span>{current}</span></li>
      </ol>
    </nav>
  );
}
