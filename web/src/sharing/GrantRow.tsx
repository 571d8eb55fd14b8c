import { ActionIcon, NativeSelect } from '@mantine/core';
import { Link } from 'react-router-dom';
import type { AccessEntry } from '../api/types';
import { Icon } from '../shared/Icon';
import { ROLES, roleWords } from './roles';
import classes from './ShareDialog.module.css';

interface Props {
  grant: AccessEntry;
  mayChange: boolean;
  onRole: (role: string) => void;
  onRemove: () => void;
}

export function GrantRow({ grant, mayChange, onRole, onRemove }: Props) {
  const { principal, role, capabilities, inherited, from, via, expiresAt } = grant;
  const isRole = ROLES.some(({ name }) => name === role);
  return (
    <li className={classes.grant}>
      <span className={classes.who}>
        <span>{principal.name} {principal.kind !== 'account' && <small>{principal.kind}</small>}</span>
        <small>
          {via ? <>through the space {via.space ? <Link to={`/nodes/${via.space.id}`}>{via.space.name}</Link> : 'of someone else'}</> : inherited && from ? <>from <Link to={`/nodes/${from.id}`}>{from.name}</Link></> : inherited ? 'from above' : 'given here'}
          {expiresAt && `, until ${expiresAt.slice(0, 10)}`}
        </small>
      </span>
      {mayChange && principal.kind !== 'link' && isRole
        ? <NativeSelect aria-label={`Role of ${principal.name}`} value={role ?? ''} data={ROLES.map(({ name, label }) => ({ value: name, label }))} onChange={(e) => onRole(e.currentTarget.value)} />
        : <span title={capabilities.join(', ')}>{roleWords(role, capabilities)}</span>}
      {mayChange ? <ActionIcon aria-label={`Take access from ${principal.name}`} onClick={onRemove}><Icon name="close" size={16} /></ActionIcon> : <span />}
    </li>
  );
}
