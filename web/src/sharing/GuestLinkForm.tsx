import { Alert, Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import type { GuestLink, Node } from '../api/types';
import { copyText } from '../shared/Copyable';
import { Icon } from '../shared/Icon';
import { sayProblem } from '../shared/toasts';
import { untilWords } from './reasons';
import { ROLES } from './roles';
import classes from './ShareDialog.module.css';

const DAYS = [['7', '7 days'], ['30', '30 days'], ['365', 'a year'], ['', 'ever']] as const;

/** Makes a link that opens the node without an account. Its secret is shown this once. */
export function GuestLinkForm({ node, onMade }: { node: Node; onMade: () => void }) {
  const [days, setDays] = useState('30');
  const [role, setRole] = useState('guest');
  const make = useMutation({
    mutationFn: () => call<GuestLink>(`/nodes/${node.id}/links`, { method: 'POST', json: { role, ...(days ? { expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString() } : {}) } }),
    onSuccess: onMade,
    onError: sayProblem,
  });
  const [copied, setCopied] = useState(false);
  const made = make.data;
  const copy = (url: string) => copyText(url).then(() => setCopied(true), sayProblem);
  return (
    <section>
      <h2 className={classes.title}>Guest link</h2>
      {made ? (
        <Alert color="blue" variant="light" title="Copy it now: it is shown this once.">
          <div className={classes.link}>
            <TextInput aria-label="Guest link" readOnly value={made.url} className={classes.url} onFocus={(event) => event.currentTarget.select()} />
            <Button leftSection={<Icon name={copied ? 'check' : 'copy'} size={16} />} onClick={() => void copy(made.url)}>{copied ? 'Copied' : 'Copy'}</Button>
          </div>
          <p className={classes.ends} role="status">Whoever has it may {ROLES.find(({ name }) => name === made.role)?.means}{made.expiresAt ? `, ${untilWords(made.expiresAt)}` : ', until it is taken away above'}.</p>
        </Alert>
      ) : (
        <form className={classes.add} onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
          <NativeSelect label="Whoever has it may" value={role} onChange={(e) => setRole(e.currentTarget.value)} data={ROLES.slice(0, 2).map(({ name, means }) => ({ value: name, label: means }))} />
          <NativeSelect label="for" value={days} onChange={(e) => setDays(e.currentTarget.value)} data={DAYS.map(([value, label]) => ({ value, label }))} />
          <Button type="submit" variant="default" loading={make.isPending}>Make a link</Button>
        </form>
      )}
    </section>
  );
}
