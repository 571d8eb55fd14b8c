import { ActionIcon, NativeSelect } from '@mantine/core';
import { Link } from 'react-router-dom';
import type { AccessEntry } from '../api/types';
import { Icon } from '../shared/Icon';
import { besideName, principalWords } from './principalWords';
import { untilWords, whyWords } from './reasons';
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
  // Where it comes from is where it can be changed.
  const source = via?.space ?? (inherited ? from : null);
  const isRole = ROLES.some(({ name }) => name === role);
  return (
    <li className={classes.grant}>
      <span className={classes.who}>
        <span>{principal.name} <small>{besideName(principal)}</small></span>
        <small>
          {whyWords(grant)}{expiresAt && `, ${untilWords(expiresAt)}`}{source && <>. <Link to={`/nodes/${source.id}`}>Change it there</Link></>}
        </small>
      </span>
      {mayChange && principal.kind !== 'link' && isRole
        ? <NativeSelect aria-label={`Role of ${principalWords(principal)}`} value={role ?? ''} data={ROLES.map(({ name, label }) => ({ value: name, label }))} onChange={(e) => onRole(e.currentTarget.value)} />
        : <span title={capabilities.join(', ')}>{roleWords(role, capabilities)}</span>}
      {mayChange ? <ActionIcon aria-label={`Take access from ${principalWords(principal)}`} onClick={onRemove}><Icon name="close" size={16} /></ActionIcon> : <span />}
    </li>
  );
}
