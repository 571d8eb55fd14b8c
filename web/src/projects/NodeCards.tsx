import { Link } from 'react-router-dom';
import type { Node } from '../api/types';
import { Icon } from '../shared/Icon';
import { Moment } from '../shared/Moment';
import { holdsOf } from './holds';
import classes from './NodeCards.module.css';

/**
 * Projects, collections or datasets as a list of links with what they hold.
 * A strip takes one row on a phone, where the pictures below it are what one came for.
 */
export function NodeCards({ nodes, label, isStrip = false }: { nodes: Node[]; label: string; isStrip?: boolean }) {
  return (
    <ul className={classes.cards} data-strip={isStrip || undefined} aria-label={label}>
      {nodes.map((node) => (
        <li key={node.id}>
          <Link to={`/nodes/${node.id}`} className={classes.card}>
            <Icon name={node.kind} size={20} />
            <span className={classes.text}>
              <span className={classes.name}>{node.name}{node.isDemo && <span className={classes.demo}>demo</span>}</span>
              <span className={classes.about}>{holdsOf(node).words}</span>
              {(node.kind === 'project' || node.kind === 'space') && <span className={classes.about}>changed <Moment at={node.modifiedAt} />{node.createdBy.name && `, made by ${node.createdBy.name}`}</span>}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
