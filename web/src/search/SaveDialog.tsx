import { Alert, Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useHomes } from '../api/queries';
import dialog from '../projects/dialogs.module.css';
import { say } from '../shared/toasts';
import { viewOf } from './address';
import { saveSearch } from './savedSearches';

/** Keeps a search with its order and layout, for oneself or for whoever sees a project. */
export default function SaveDialog({ query, onClose }: { query: string; onClose: () => void }) {
  const [name, setName] = useState(query.slice(0, 200));
  const [project, setProject] = useState('');
  const projects = (useHomes('projects').data ?? []).filter(({ capabilities }) => capabilities.includes('add'));
  const save = useMutation({
    mutationFn: () => saveSearch({ name: name.trim(), query, view: viewOf(location.search), project: project || null }),
    onSuccess: () => {
      onClose();
      say(`“${name.trim()}” is kept: it is on the first page and in the search box.`);
    },
  });
  return (
    <Modal opened onClose={onClose} title="Save this search">
      <form className={dialog.form} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        <p className={dialog.about}>What it finds is looked up anew each time.</p>
        <TextInput label="Name" data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={200} />
        <NativeSelect label="Seen by" value={project} onChange={(event) => setProject(event.currentTarget.value)} data={[{ value: '', label: 'Only you' }, ...projects.map(({ id, name: label }) => ({ value: id, label: `Whoever sees ${label}` }))]} />
        {save.error && <Alert color="red" variant="light" role="alert">{save.error.message}</Alert>}
        <div className={dialog.actions}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" disabled={!name.trim()} loading={save.isPending}>Save</Button>
        </div>
      </form>
    </Modal>
  );
}
