import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import type { Node } from '../api/types';
import { Description } from '../shared/Description';
import { say } from '../shared/toasts';
import { editNode } from './changes';
import classes from './NodeDescription.module.css';

interface Props {
  node: Node;
  isEditing: boolean;
  edit: () => void;
  onEnd: () => void;
}

/** What a node is about, in Markdown; edited where it stands. */
export function NodeDescription({ node, isEditing, edit, onEnd }: Props) {
  // What was written and not saved is kept while the page is open.
  const [draft, setDraft] = useState<string | null>(null);
  if (isEditing) {
    const leave = (text: string) => {
      if (text !== node.description) {
        setDraft(text);
        say('The description was left as it was.', { label: 'Go on writing', run: edit });
      }
      onEnd();
    };
    return <Editor node={node} initial={draft ?? node.description} onLeave={leave} onSaved={() => { setDraft(null); onEnd(); }} />;
  }
  return node.description ? <Description text={node.description} /> : null;
}

function Editor({ node, initial, onLeave, onSaved }: { node: Node; initial: string; onLeave: (text: string) => void; onSaved: () => void }) {
  const [text, setText] = useState(initial);
  const [view, setView] = useState('write');
  const save = useMutation({ mutationFn: () => editNode(node, { description: text.trim() }, 'The description is changed.'), onSuccess: onSaved });
  const finish = () => (text.trim() === node.description ? onSaved() : save.mutate());
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onLeave(text);
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) finish();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.editor} onKeyDown={keys}>
      <SegmentedControl size="xs" aria-label="Write or look" value={view} onChange={setView} data={[{ value: 'write', label: 'Write' }, { value: 'look', label: 'Preview' }]} />
      {view === 'write'
        ? <Textarea aria-label="Description" description="Markdown: *emphasis*, lists, tables, links. Ctrl Enter saves, Escape leaves it." inputWrapperOrder={['input', 'description']} autoFocus autosize minRows={4} maxRows={18} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        : <div className={classes.preview}>{text.trim() ? <Description text={text} /> : 'Nothing is written yet.'}</div>}
      {save.error && <p className={classes.problem} role="alert">{save.error.message}</p>}
      <div className={classes.actions}>
        <Button loading={save.isPending} onClick={finish}>Save</Button>
        <Button variant="default" onClick={() => onLeave(text)}>Cancel</Button>
      </div>
    </div>
  );
}
