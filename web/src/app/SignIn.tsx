import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { call, Problem } from '../api/client';
import { keys, queryClient } from '../api/queries';
import type { Me } from '../api/types';
import { useTitle } from '../shared/useTitle';
import { SchemeToggle } from './SchemeToggle';
import classes from './SignIn.module.css';

export default function SignIn() {
  useTitle('Sign in');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: () => call<Me>('/sign-in', { method: 'POST', json: { login: login.trim(), password } }),
    onSuccess: async (me) => {
      queryClient.clear();
      queryClient.setQueryData(keys.me, me);
      await navigate(within(params.get('to')), { replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <main className={classes.page}>
      <div className={classes.scheme}><SchemeToggle /></div>
      <form className={classes.form} onSubmit={submit}>
        <h1><img src="/favicon.svg" alt="" width={30} height={30} /> Stemma</h1>
        <p className={classes.what}>The family tree of every image: where it came from and everything that was done to it.</p>
        <TextInput label="Login" autoComplete="username" autoFocus required withAsterisk={false} value={login} onChange={(e) => setLogin(e.currentTarget.value)} />
        <PasswordInput label="Password" autoComplete="current-password" required withAsterisk={false} value={password} onChange={(e) => setPassword(e.currentTarget.value)} visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }} />
        {signIn.error && <Alert color="red" variant="light" role="alert">{words(signIn.error)}</Alert>}
        <Button type="submit" size="md" loading={signIn.isPending}>Sign in</Button>
        <p className={classes.help}>The first administrator’s password was printed in the terminal when the hub was first started. No account yet? Ask your facility’s administrator.</p>
      </form>
    </main>
  );
}

/** Only a path of this page is gone to after signing in. */
function within(to: string | null): string {
  return to?.startsWith('/') && !to.startsWith('//') ? to : '/';
}

function words(error: Error): string {
  if (error instanceof Problem && error.status === 401) return 'Login and password do not match an account. Check both; capital letters count in the password.';
  if (error instanceof Problem && error.status === 429) return error.detail ?? 'Too many wrong tries. Wait a few minutes, then try again.';
  return error.message;
}
