import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import { Problem } from '../api/client';
import type { FileSetDetail } from '../api/types';
import { renameFile } from '../projects/changes';
import { useKeys } from '../shared/keys';
import { say } from '../shared/toasts';
import classes from './FileTitle.module.css';
import { baseName, folderOf, stemRange } from './names';

/** The name of a file set. A single file that one may edit is renamed in place: a click or F2 makes the path a field. */
export function FileTitle({ set }: { set: FileSetDetail }) {
  const [editing, setEditing] = useState(false);
  const mayEdit = set.capabilities.includes('edit');
  const single = set.files.length === 1 && set.files[0]!.path === set.name ? set.files[0]! : null;
  const edit = () => {
    if (single) setEditing(true);
    else say(`${baseName(set.name)} is read together with other files, which find each other by their names. Deposit them anew for other names.`);
  };
  useKeys(mayEdit ? { F2: edit } : {});
  if (editing && single) return <PathField set={set} fileId={single.id} onEnd={() => setEditing(false)} />;
  const name = <>{folderOf(set.name) && <span className={classes.folder}>{folderOf(set.name)}</span>}{baseName(set.name)}</>;
  return (
    <h1 className={classes.title}>
      {mayEdit && single ? <button type="button" className={classes.button} title="Rename or move within the dataset (F2)" onClick={edit}>{name}</button> : name}
    </h1>
  );
}

function PathField({ set, fileId, onEnd }: { set: FileSetDetail; fileId: string; onEnd: () => void }) {
  const [path, setPath] = useState(set.name);
  const ended = useRef(false);
  const rename = useMutation({ mutationFn: (to: string) => renameFile(set, fileId, to), onSuccess: onEnd });
  const end = () => {
    ended.current = true;
    onEnd();
  };
  const save = () => {
    const to = path.trim();
    if (ended.current || rename.isPending) return;
    if (!to || to === set.name) end();
    else rename.mutate(to);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end();
    if (event.key === 'Enter') save();
  };
  return (
    <div className={classes.field}>
      <TextInput
        aria-label="Path in the dataset"
        aria-describedby="rename-hint"
        value={path}
        maxLength={4096}
        spellCheck={false}
        autoFocus
        // The name without its ending, as in a file manager.
        onFocus={(event) => event.currentTarget.setSelectionRange(...stemRange(set.name))}
        onChange={(event) => {
          setPath(event.currentTarget.value);
          rename.reset();
        }}
        onKeyDown={keys}
        onBlur={() => rename.isError || save()}
      />
      {rename.error
        ? <p className={classes.problem} role="alert">{(rename.error instanceof Problem && rename.error.detail) || rename.error.message}</p>
        : <p className={classes.hint} id="rename-hint">Enter saves, Escape leaves it. A slash makes a folder.</p>}
    </div>
  );
}
