import { Alert, Button, NativeSelect, Table, TextInput, VisuallyHidden } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import { allOf, queryClient } from '../api/queries';
import type { AccessToken } from '../api/types';
import { Copyable } from '../shared/Copyable';
import { Moment } from '../shared/Moment';
import { ScrollTable } from '../shared/ScrollTable';
import { say, sayProblem } from '../shared/toasts';
import { Waiting } from '../shared/Waiting';
import classes from './settings.module.css';

const SCOPES = [
  { value: 'read', label: 'read: see and download' },
  { value: 'write', label: 'write: also add and change' },
  { value: 'manage', label: 'manage: also share and remove' },
  { value: 'work', label: 'work: claim tasks as a worker' },
];
const LASTS = [{ value: '30', label: '30 days' }, { value: '90', label: '90 days' }, { value: '365', label: 'a year' }, { value: '', label: 'until revoked' }];
const KEY = ['tokens'];

/** Personal access tokens for programs: made with a scope, shown once, revoked at any time. */
export function Tokens() {
  const tokens = useQuery({ queryKey: KEY, queryFn: ({ signal }) => allOf<AccessToken>('/tokens', signal) });
  const [name, setName] = useState('');
  const [scope, setScope] = useState('write');
  const [days, setDays] = useState('90');
  const refresh = () => queryClient.invalidateQueries({ queryKey: KEY });
  const make = useMutation({
    mutationFn: () => call<AccessToken>('/tokens', { method: 'POST', json: { name: name.trim(), scope, ...(days ? { expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString() } : {}) } }),
    onSuccess: () => {
      setName('');
      return refresh();
    },
    onError: sayProblem,
  });
  const revoke = useMutation({
    mutationFn: (token: AccessToken) => call(`/tokens/${token.id}`, { method: 'DELETE' }),
    onSuccess: (_, token) => {
      say(`The token “${token.name}” no longer works.`);
      return refresh();
    },
    onError: sayProblem,
  });
  return (
    <section>
      <h2>Access tokens</h2>
      <p className={classes.quiet}>Programs sign in with a token instead of your password: <code>Authorization: Bearer stm_…</code></p>
      <form className={classes.row} onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
        <TextInput label="What is it for?" placeholder="Upload script at the microscope PC" value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <NativeSelect label="It may" value={scope} onChange={(e) => setScope(e.currentTarget.value)} data={SCOPES} />
        <NativeSelect label="It lasts" value={days} onChange={(e) => setDays(e.currentTarget.value)} data={LASTS} />
        <Button type="submit" disabled={!name.trim()} loading={make.isPending}>Make a token</Button>
      </form>
      {make.data?.token && (
        <Alert color="blue" variant="light" mb={12} title={`Copy “${make.data.name}” now: it is shown this once.`}>
          <Copyable value={make.data.token} what="token" mono />
        </Alert>
      )}
      {tokens.isError && <p className={classes.problem} role="alert">{tokens.error.message}</p>}
      {tokens.isPending && <Waiting for="your tokens" />}
      {tokens.data && (tokens.data.length === 0 ? <p className={classes.quiet}>You have no tokens.</p> : (
        <ScrollTable label="Tokens" minWidth={520}>
          <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Scope</Table.Th><Table.Th>Made</Table.Th><Table.Th>Ends</Table.Th><Table.Th><VisuallyHidden>Revoke</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {tokens.data.map((token) => (
              <Table.Tr key={token.id}>
                <Table.Td>{token.name}</Table.Td>
                <Table.Td>{token.scope}</Table.Td>
                <Table.Td><Moment at={token.createdAt} /></Table.Td>
                <Table.Td>{token.expiresAt ? new Date(token.expiresAt).toLocaleDateString() : 'never'}</Table.Td>
                <Table.Td ta="right"><Button size="compact-sm" variant="default" aria-label={`Revoke ${token.name}`} onClick={() => revoke.mutate(token)}>Revoke</Button></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollTable>
      ))}
    </section>
  );
}
