import { Alert, Button, Modal, TagsInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTags } from '../api/queries';
import type { FileSet } from '../api/types';
import dialog from '../projects/dialogs.module.css';
import { count } from '../shared/format';
import { tagSets } from './bulk';

/** Gives several file sets tags, and takes tags away from them. */
export default function TagDialog({ sets, tagsOf, onClose }: { sets: readonly FileSet[]; tagsOf: string | null; onClose: () => void }) {
  const known = useTags(tagsOf).data?.map(({ tag }) => tag) ?? [];
  const theirs = [...new Set(sets.flatMap(({ tags }) => tags))].sort();
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const save = useMutation({ mutationFn: () => tagSets(sets, add, remove), onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={`Tags of ${count(sets.length, 'file')}`}>
      <form className={dialog.form} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        <TagsInput label="Add" description="Enter ends a tag" data-autofocus value={add} onChange={setAdd} data={known} acceptValueOnBlur />
        {theirs.length > 0 && <TagsInput label="Take away" description={`They have ${theirs.map((tag) => `${tag} (${sets.filter(({ tags }) => tags.includes(tag)).length})`).join(', ')}`} value={remove} data={theirs}
          onChange={(tags) => setRemove(tags.filter((tag) => theirs.includes(tag)))} />}
        {save.error && <Alert color="red" variant="light" role="alert">{save.error.message}</Alert>}
        <div className={dialog.actions}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" disabled={!add.length && !remove.length} loading={save.isPending}>Save</Button>
        </div>
      </form>
    </Modal>
  );
}
