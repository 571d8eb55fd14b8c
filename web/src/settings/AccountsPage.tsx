import { Alert, Button, Checkbox, PasswordInput, Table, TextInput, VisuallyHidden } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import { allOf, queryClient } from '../api/queries';
import type { Account } from '../api/types';
import { Copyable } from '../shared/Copyable';
import { ProblemView } from '../shared/ProblemView';
import { ScrollTable } from '../shared/ScrollTable';
import { sayProblem } from '../shared/toasts';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import classes from './settings.module.css';

const KEY = ['accounts'];

export default function AccountsPage() {
  useTitle('Accounts');
  const accounts = useQuery({ queryKey: KEY, queryFn: ({ signal }) => allOf<Account>('/accounts', signal) });
  const disable = useMutation({
    mutationFn: (account: Account) => call(`/accounts/${account.id}`, { method: 'PATCH', json: { disabled: !account.disabledAt }, version: account.version }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: KEY }),
    onError: sayProblem,
  });
  if (accounts.isError) return <ProblemView error={accounts.error} what="list of accounts" />;
  if (!accounts.data) return <Waiting for="the accounts" />;
  return (
    <div className={classes.page}>
      <h1>Accounts</h1>
      <p className={classes.quiet}>Who can sign in to this hub.</p>
      <ScrollTable label="Accounts" minWidth={560}>
        <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Login</Table.Th><Table.Th>Mail</Table.Th><Table.Th>State</Table.Th><Table.Th><VisuallyHidden>Change</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {accounts.data.map((account) => (
            <Table.Tr key={account.id}>
              <Table.Td>{account.name}{account.isAdministrator && <small> administrator</small>}{account.isService && <small> service</small>}</Table.Td>
              <Table.Td>{account.login}</Table.Td>
              <Table.Td>{account.email}</Table.Td>
              <Table.Td>{account.disabledAt ? 'disabled' : account.lockedUntil ? 'locked after wrong passwords' : 'active'}</Table.Td>
              <Table.Td ta="right"><Button size="compact-sm" variant="default" aria-label={`${account.disabledAt ? 'Enable' : 'Disable'} ${account.login}`} onClick={() => disable.mutate(account)}>{account.disabledAt ? 'Enable' : 'Disable'}</Button></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
      <NewAccount />
    </div>
  );
}

function NewAccount() {
  const empty = { login: '', name: '', email: '', password: '', isAdministrator: false };
  const [account, setAccount] = useState(empty);
  const make = useMutation({
    mutationFn: () => call<Account>('/accounts', { method: 'POST', json: { ...account, email: account.email || null, password: account.password || null } }),
    onSuccess: () => {
      setAccount(empty);
      return queryClient.invalidateQueries({ queryKey: KEY });
    },
  });
  const text = (field: 'login' | 'name' | 'email') => ({ value: account[field], onChange: (e: { currentTarget: { value: string } }) => setAccount({ ...account, [field]: e.currentTarget.value }) });
  return (
    <section>
      <h2>New account</h2>
      <form className={classes.form} onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
        <TextInput label="Login" autoComplete="off" {...text('login')} />
        <TextInput label="Name" autoComplete="off" {...text('name')} />
        <TextInput label="Mail" type="email" autoComplete="off" {...text('email')} />
        <PasswordInput label="First password" description="Left empty, a random one is made" autoComplete="new-password" value={account.password} onChange={(e) => setAccount({ ...account, password: e.currentTarget.value })} visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }} />
        <Checkbox label="Administrator" checked={account.isAdministrator} onChange={(e) => setAccount({ ...account, isAdministrator: e.currentTarget.checked })} />
        {make.data?.password && (
          <Alert color="blue" variant="light" title={`Give ${make.data.name} this password: it is shown this once.`}>
            <Copyable value={make.data.password} what="password" mono />
          </Alert>
        )}
        {make.error && <Alert color="red" variant="light" role="alert">{make.error.message}</Alert>}
        <Button type="submit" disabled={!account.login || !account.name} loading={make.isPending}>Make the account</Button>
      </form>
    </section>
  );
}
