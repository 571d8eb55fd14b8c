import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { Problem } from '../api/client';
import classes from './InlineField.module.css';

interface Props {
  label: string;
  value: string;
  maxLength: number;
  hint: string;
  /** What is selected at first; all of it otherwise. */
  selected?: [number, number];
  save: (to: string) => Promise<unknown>;
  onEnd: () => void;
}

/** A name that is edited where it stands: Enter or leaving it saves, Escape leaves it. What is refused stays to be corrected. */
export function InlineField({ label, value, maxLength, hint, selected, save, onEnd }: Props) {
  const [text, setText] = useState(value);
  const ended = useRef(false);
  const hintId = useId();
  const saving = useMutation({ mutationFn: save, onSuccess: onEnd });
  const end = () => {
    ended.current = true;
    onEnd();
  };
  const finish = () => {
    const to = text.trim();
    if (ended.current || saving.isPending) return;
    if (!to || to === value) end();
    else saving.mutate(to);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end();
    if (event.key === 'Enter') finish();
  };
  return (
    <div className={classes.field}>
      <TextInput aria-label={label} aria-describedby={hintId} value={text} maxLength={maxLength} spellCheck={false} autoFocus onKeyDown={keys}
        onFocus={(event) => event.currentTarget.setSelectionRange(...(selected ?? [0, value.length]))}
        onChange={(event) => {
          setText(event.currentTarget.value);
          saving.reset();
        }}
        onBlur={() => saving.isError || finish()} />
      {saving.error
        ? <p className={classes.problem} role="alert">{(saving.error instanceof Problem && saving.error.detail) || saving.error.message}</p>
        : <p className={classes.hint} id={hintId}>{hint}</p>}
    </div>
  );
}
