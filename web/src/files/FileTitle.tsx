import { useState } from 'react';
import type { FileSetDetail } from '../api/types';
import { renameFile } from '../projects/changes';
import heading from '../shared/EditableHeading.module.css';
import { InlineField } from '../shared/InlineField';
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
  if (editing && single) {
    // At first the name without its ending is selected, as in a file manager.
    return (
      <InlineField label="Path in the dataset" value={set.name} maxLength={4096} hint="Enter saves, Escape leaves it. A slash makes a folder." selected={stemRange(set.name)}
        save={(to) => renameFile(set, single.id, to)} onEnd={() => setEditing(false)} />
    );
  }
  const name = <>{folderOf(set.name) && <span className={classes.folder}>{folderOf(set.name)}</span>}{baseName(set.name)}</>;
  return (
    <h1 className={classes.title}>
      {mayEdit && single ? <button type="button" className={heading.button} title="Rename or move within the dataset (F2)" onClick={edit}>{name}</button> : name}
    </h1>
  );
}
