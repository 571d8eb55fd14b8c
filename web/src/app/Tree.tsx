import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import { Link, NavLink } from 'react-router-dom';
import { type Homes as Kind, useChildren, useHomes } from '../api/queries';
import type { Node } from '../api/types';
import { Icon } from '../shared/Icon';
import { usePlace } from './place';
import classes from './Tree.module.css';

export function Tree() {
  return (
    <nav aria-label="Projects and spaces" className={classes.tree}>
      <Homes kind="projects" title="Projects" />
      <Homes kind="shared" title="Shared with you" />
      <Homes kind="spaces" title="Spaces" />
      <Link to="/trash" className={classes.trash}><Icon name="trash" size={16} /> Trash</Link>
    </nav>
  );
}

function Homes({ kind, title }: { kind: Kind; title: string }) {
  const homes = useHomes(kind);
  if (!homes.data?.length) return null;
  return (
    <section>
      <h2 className={classes.title}>{title}</h2>
      <ul>{homes.data.map((node) => <Branch key={node.id} node={node} depth={0} />)}</ul>
    </section>
  );
}

function Branch({ node, depth }: { node: Node; depth: number }) {
  const place = usePlace();
  const leadsHere = place?.path.some(({ id }) => id === node.id) ?? false;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const canOpen = node.kind !== 'dataset' && (!node.counts || node.kind === 'space' || node.counts.collections + node.counts.datasets > 0);
  const isOpen = canOpen && (chosen ?? leadsHere);
  const children = useChildren(node.id, isOpen);
  return (
    <li>
      <div className={classes.row} data-here={place?.id === node.id || undefined} style={{ paddingLeft: 4 + depth * 14 }}>
        {canOpen ? (
          <ActionIcon size={20} className={classes.toggle} aria-expanded={isOpen} aria-label={`${isOpen ? 'Close' : 'Open'} ${node.name}`} onClick={() => setChosen(!isOpen)} data-open={isOpen || undefined}>
            <Icon name="chevron" size={14} />
          </ActionIcon>
        ) : <span className={classes.noToggle} />}
        <NavLink to={`/nodes/${node.id}`} className={classes.link} title={node.name}>
          <Icon name={node.kind} size={16} />
          <span>{node.name}</span>
        </NavLink>
      </div>
      {isOpen && children.data && <ul>{children.data.map((child) => <Branch key={child.id} node={child} depth={depth + 1} />)}</ul>}
    </li>
  );
}
