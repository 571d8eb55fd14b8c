import { Alert, Button, Modal, TagsInput, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Node } from '../api/types';
import { changeNode } from './changes';
import classes from './dialogs.module.css';

/** Description and tags of a node. */
export default function DescribeDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  const [description, setDescription] = useState(node.description);
  const [tags, setTags] = useState(node.tags);
  const save = useMutation({
    mutationFn: () => changeNode(node, { description: description.trim(), tags }),
    onSuccess: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Describe ${node.name}`} size="lg">
      <form className={classes.form} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        <Textarea label="Description" description="Markdown: *emphasis*, lists, tables, links" data-autofocus autosize minRows={5} maxRows={16} value={description} onChange={(e) => setDescription(e.currentTarget.value)} />
        <TagsInput label="Tags" description="Enter ends a tag" value={tags} onChange={setTags} />
        {save.error && <Alert color="red" variant="light" role="alert">{save.error.message}</Alert>}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={save.isPending}>Save</Button>
        </div>
      </form>
    </Modal>
  );
}
