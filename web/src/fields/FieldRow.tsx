import { type ReactNode, useEffect, useRef, useState } from 'react';
import classes from './fields.module.css';
import { type Asked, ValueInput } from './ValueInput';

interface Props {
  field: Asked;
  project: string | null;
  /** The object's own value; null for none. */
  own: string | null;
  /** Of the own value, as it is put into the field. */
  written: string;
  /** A value above that counts here; null for none. */
  inherited: { value: string; from: string | null } | null;
  isMissing: boolean;
  mayEdit: boolean;
  /** Who wrote it and when, on hover. */
  about?: string;
  beside?: ReactNode;
  save: (value: string | null) => Promise<void>;
}

/** A label and its value, which becomes a field when it is clicked. */
export function FieldRow({ field, project, own, written, inherited, isMissing, mayEdit, about, beside, save }: Props) {
  const [editing, setEditing] = useState(false);
  const value = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    // Who was writing goes on from where they were.
    if (wasEditing.current && !editing && (document.activeElement === document.body || document.activeElement === null)) value.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  const shown = own ?? inherited?.value ?? (isMissing ? <span className={classes.missing}>needed</span> : <span className={classes.none}>{mayEdit ? 'add' : 'not given'}</span>);
  return (
    <div className={classes.row} data-editing={editing || undefined}>
      <dt title={field.help || undefined}>{field.name}</dt>
      <dd>
        {editing ? <ValueInput field={field} project={project} initial={written} save={save} onEnd={() => setEditing(false)} />
          : mayEdit ? <button type="button" ref={value} className={classes.value} title={about} aria-label={`${field.name}: change`} onClick={() => setEditing(true)}>{shown}</button>
          : <span title={about}>{shown}</span>}
        {!editing && beside}
        {!editing && own === null && inherited && <span className={classes.from}>{inherited.from ? `from ${inherited.from}` : 'from above'}</span>}
      </dd>
    </div>
  );
}
