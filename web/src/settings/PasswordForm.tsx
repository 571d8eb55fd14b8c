import { Alert, Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import { say } from '../shared/toasts';
import classes from './settings.module.css';

const toggle = { 'aria-label': 'Show or hide the password', tabIndex: 0 };

export function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => call('/me/password', { method: 'POST', json: { current, new: next } }),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      say('Your password is changed.');
    },
  });
  return (
    <section>
      <h2>Password</h2>
      <form className={classes.form} onSubmit={(event) => { event.preventDefault(); change.mutate(); }}>
        <PasswordInput label="Current password" autoComplete="current-password" value={current} onChange={(e) => setCurrent(e.currentTarget.value)} visibilityToggleButtonProps={toggle} />
        <PasswordInput label="New password" autoComplete="new-password" value={next} onChange={(e) => setNext(e.currentTarget.value)} visibilityToggleButtonProps={toggle} />
        {change.error && <Alert color="red" variant="light" role="alert">{change.error.message}</Alert>}
        <Button type="submit" variant="default" disabled={!current || !next} loading={change.isPending}>Change the password</Button>
      </form>
    </section>
  );
}
