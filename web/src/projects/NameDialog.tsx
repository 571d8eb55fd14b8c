import { Alert, Button, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import classes from './dialogs.module.css';

interface Props {
  title: string;
  /** What the thing is for, in a sentence. */
  about?: string;
  action: string;
  initial?: string;
  onSubmit: (name: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for a name: for making and for renaming. */
export function NameDialog({ title, about, action, initial = '', onSubmit, onClose }: Props) {
  const [name, setName] = useState(initial);
  const submit = useMutation({ mutationFn: () => onSubmit(name.trim()), onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={title}>
      <form className={classes.form} onSubmit={(event) => { event.preventDefault(); submit.mutate(); }}>
        {about && <p className={classes.about}>{about}</p>}
        <TextInput label="Name" data-autofocus value={name} onChange={(e) => setName(e.currentTarget.value)} maxLength={200} />
        {submit.error && <Alert color="red" variant="light" role="alert">{submit.error.message}</Alert>}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" disabled={!name.trim()} loading={submit.isPending}>{action}</Button>
        </div>
      </form>
    </Modal>
  );
}
