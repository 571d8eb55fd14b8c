import { TagsInput, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTags } from '../api/queries';
import { sayProblem } from '../shared/toasts';
import classes from './TagsEditor.module.css';

interface Props {
  tags: readonly string[];
  mayEdit: boolean;
  /** Project or other node whose tags are proposed. */
  tagsOf: string;
  onSave: (tags: string[]) => Promise<unknown>;
  /** Beside the tags: more words, or what else can be edited. */
  children?: ReactNode;
}

/** Tags where they stand. A click makes them a field; Enter in the empty field or leaving it saves, Escape leaves them as they were. */
export function TagsEditor({ tags, mayEdit, tagsOf, onSave, children }: Props) {
  const [editing, setEditing] = useState(false);
  if (editing) return <TagsField tags={tags} tagsOf={tagsOf} onSave={onSave} onEnd={() => setEditing(false)} />;
  if (!tags.length && !mayEdit && !children) return null;
  return (
    <p className={classes.tags}>
      {tags.map((tag) => <span key={tag} className={classes.tag}>{tag}</span>)}
      {mayEdit && <UnstyledButton onClick={() => setEditing(true)}>{tags.length ? 'Edit tags' : 'Add tags'}</UnstyledButton>}
      {children}
    </p>
  );
}

function TagsField({ tags, tagsOf, onSave, onEnd }: Omit<Props, 'mayEdit' | 'children'> & { onEnd: () => void }) {
  const known = useTags(tagsOf).data?.map(({ tag }) => tag) ?? [];
  const [edited, setEdited] = useState([...tags]);
  const [typed, setTyped] = useState('');
  const ended = useRef(false);
  const save = useMutation({ mutationFn: onSave, onSuccess: onEnd, onError: sayProblem });
  const end = () => {
    ended.current = true;
    onEnd();
  };
  const finish = () => {
    if (ended.current || save.isPending) return;
    // What was typed and not ended by Enter is meant too.
    const after = [...new Set([...edited, ...[typed.trim()].filter(Boolean)])];
    if (after.join('\n') === tags.join('\n')) end();
    else save.mutate(after);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end();
    if (event.key === 'Enter' && !typed.trim()) finish();
  };
  return (
    <TagsInput className={classes.field} aria-label="Tags" description="Enter ends a tag, and in the empty field saves. Escape leaves them as they were." inputWrapperOrder={['input', 'description']}
      autoFocus value={edited} onChange={setEdited} searchValue={typed} onSearchChange={setTyped} data={known} maxDropdownHeight={180} onKeyDown={keys} onBlur={finish} disabled={save.isPending} />
  );
}
