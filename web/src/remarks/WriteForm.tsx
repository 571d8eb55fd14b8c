import { Alert, Button, Switch, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { Description } from '../shared/Description';
import classes from './Remarks.module.css';
import { useDraft } from './useDraft';

interface Props {
  label: string;
  placeholder?: string;
  /** Under this name the text is kept until it is sent. */
  draft: string;
  initial?: string;
  action: string;
  rows: number;
  most: number;
  autoFocus?: boolean;
  onSend: (body: string) => Promise<unknown>;
  /** Where the form can be left. */
  onClose?: () => void;
  /** What else is to be said when sending failed. */
  onError?: (error: Error) => ReactNode;
}

/** A text in Markdown: written, looked at, sent with Ctrl-Enter. */
export function WriteForm({ label, placeholder, draft, initial = '', action, rows, most, autoFocus = false, onSend, onClose, onError }: Props) {
  const [text, setText, forget] = useDraft(draft, initial);
  const [preview, setPreview] = useState(false);
  const send = useMutation({
    mutationFn: onSend,
    onSuccess: () => {
      forget();
      setPreview(false);
      onClose?.();
    },
  });
  const leave = () => {
    forget();
    onClose?.();
  };
  const submit = () => text.trim() && text !== initial && !send.isPending && send.mutate(text);
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    }
    // A text that was begun is not thrown away by a key.
    if (event.key === 'Escape' && onClose && text === initial) leave();
  };
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); submit(); }} onKeyDown={keys}>
      {preview && text.trim()
        ? <div className={classes.preview} role="group" aria-label="Preview"><Description text={text} /></div>
        : <Textarea aria-label={label} placeholder={placeholder ?? label} autosize minRows={rows} maxRows={24} maxLength={most} autoFocus={autoFocus} value={text} onChange={(event) => setText(event.currentTarget.value)} />}
      {send.error && <Alert color="red" variant="light" role="alert">{onError?.(send.error) || send.error.message}</Alert>}
      {(text !== initial || onClose) && (
        <div className={classes.formActions}>
          <Switch size="xs" label="Preview" checked={preview} disabled={!text.trim()} onChange={(event) => setPreview(event.currentTarget.checked)} />
          <span className={classes.hint}>Markdown. Ctrl-Enter sends.</span>
          {onClose && <Button size="compact-sm" variant="default" onClick={leave}>Cancel</Button>}
          <Button size="compact-sm" type="submit" disabled={!text.trim() || text === initial} loading={send.isPending}>{action}</Button>
        </div>
      )}
    </form>
  );
}
