import { Link } from 'react-router-dom';
import type { Node } from '../api/types';
import { count } from '../shared/format';
import { Icon } from '../shared/Icon';
import { Moment } from '../shared/Moment';
import classes from './NodeCards.module.css';

/** Projects, collections or datasets as a list of links with what they hold. */
export function NodeCards({ nodes, label }: { nodes: Node[]; label: string }) {
  return (
    <ul className={classes.cards} aria-label={label}>
      {nodes.map((node) => (
        <li key={node.id}>
          <Link to={`/nodes/${node.id}`} className={classes.card}>
            <Icon name={node.kind} size={20} />
            <span className={classes.text}>
              <span className={classes.name}>{node.name}{node.isDemo && <span className={classes.demo}>demo</span>}</span>
              <span className={classes.about}>{holds(node)}</span>
              {(node.kind === 'project' || node.kind === 'space') && <span className={classes.about}>changed <Moment at={node.modifiedAt} /></span>}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function holds({ counts }: Node): string {
  if (!counts) return '';
  const parts = [
    counts.collections > 0 && count(counts.collections, 'collection'),
    counts.datasets > 0 && count(counts.datasets, 'dataset'),
    counts.fileSets > 0 && count(counts.fileSets, 'file'),
  ].filter(Boolean);
  return parts.length ? parts.join(', ') : 'empty';
}
