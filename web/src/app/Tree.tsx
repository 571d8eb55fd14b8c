import { ActionIcon } from '@mantine/core';
import { useDeferredValue, useState } from 'react';
import { Link, NavLink } from 'react-router-dom';
import { type Homes as Kind, useChildren, useHomes } from '../api/queries';
import type { Node } from '../api/types';
import { holdsOf } from '../projects/holds';
import { formatNumber } from '../shared/format';
import { Icon } from '../shared/Icon';
import { usePlace } from './place';
import classes from './Tree.module.css';
import { useNodeDrag } from './useNodeDrag';

const NO_TRAIL: readonly string[] = [];
const NONE: readonly Node[] = [];

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
  // Hundreds of rows are drawn after the view itself.
  const nodes = useDeferredValue(homes.data ?? NONE, NONE);
  if (!nodes.length) return null;
  return (
    <section>
      <h2 className={classes.title}>{title}</h2>
      <ul>{nodes.map((node) => <Branch key={node.id} node={node} trail={NO_TRAIL} />)}</ul>
    </section>
  );
}

function Branch({ node, trail }: { node: Node; trail: readonly string[] }) {
  const place = usePlace();
  const leadsHere = place?.path.some(({ id }) => id === node.id) ?? false;
  const isHere = place?.id === node.id;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const canOpen = node.kind !== 'dataset' && (!node.counts || node.kind === 'space' || node.counts.collections + node.counts.datasets > 0);
  const isOpen = canOpen && (chosen ?? leadsHere);
  const children = useChildren(node.id, isOpen);
  const dragging = useNodeDrag(node, trail);
  const holds = holdsOf(node);
  return (
    <li>
      <div className={classes.row} data-here={isHere || undefined} style={{ paddingLeft: 4 + trail.length * 14 }} {...dragging}>
        {canOpen ? (
          <ActionIcon size={20} className={classes.toggle} aria-expanded={isOpen} aria-label={`${isOpen ? 'Close' : 'Open'} ${node.name}`} onClick={() => setChosen(!isOpen)} data-open={isOpen || undefined}>
            <Icon name="chevron" size={14} />
          </ActionIcon>
        ) : <span className={classes.noToggle} />}
        <NavLink to={`/nodes/${node.id}`} className={classes.link} title={`${node.name}\n${holds.words}`} draggable={false} aria-current={isHere ? 'page' : undefined}>
          <Icon name={node.kind} size={16} />
          <span>{node.name}</span>
        </NavLink>
        {holds.number > 0 && <span className={classes.count} title={holds.words} aria-hidden="true">{formatNumber(holds.number)}</span>}
      </div>
      {isOpen && children.data && <ul>{children.data.map((child) => <Branch key={child.id} node={child} trail={[...trail, node.id]} />)}</ul>}
    </li>
  );
}
