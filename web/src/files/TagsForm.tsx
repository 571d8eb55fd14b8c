import { Alert, Button, TagsInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import { keys, queryClient } from '../api/queries';
import type { FileSetDetail } from '../api/types';
import classes from '../projects/dialogs.module.css';

export function TagsForm({ set, onClose }: { set: FileSetDetail; onClose: () => void }) {
  const [tags, setTags] = useState(set.tags);
  const save = useMutation({
    mutationFn: () => call(`/file-sets/${set.id}`, { method: 'PATCH', json: { tags }, version: set.version }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.fileSet(set.id) });
      void queryClient.invalidateQueries({ queryKey: keys.fileSets() });
      onClose();
    },
  });
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <TagsInput label="Tags" description="Enter ends a tag" data-autofocus value={tags} onChange={setTags} />
      {save.error && <Alert color="red" variant="light" role="alert">{save.error.message}</Alert>}
      <div className={classes.actions}>
        <Button variant="default" onClick={onClose}>Cancel</Button>
        <Button type="submit" loading={save.isPending}>Save</Button>
      </div>
    </form>
  );
}
