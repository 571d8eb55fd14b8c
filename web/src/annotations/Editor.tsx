import { ActionIcon, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Annotation } from '../api/types';
import { formatNumber } from '../files/quantity';
import { Icon } from '../shared/Icon';
import { Moment } from '../shared/Moment';
import { say } from '../shared/toasts';
import classes from './Editor.module.css';
import { measuresOf } from './measure';
import { nameOf } from './tools';
import type { Marks } from './useMarks';

/** The selected annotation: what it is called, and how large it is. What is typed is kept when one leaves the field; Enter keeps the label. */
export function Editor({ annotation, marks }: { annotation: Annotation; marks: Marks }) {
  const { canEdit, calibration } = marks;
  const label = useRef<HTMLInputElement>(null);
  const isFresh = marks.fresh === annotation.id;
  useEffect(() => {
    if (isFresh) label.current?.focus({ preventScroll: true });
  }, [isFresh]);
  const copyLink = async () => {
    await navigator.clipboard.writeText(location.href);
    say('The link to this annotation was copied.');
  };
  return (
    <div className={classes.editor} role="group" aria-label={`Selected ${nameOf(annotation.kind).toLowerCase()}`}>
      <div className={classes.head}>
        <h2>{nameOf(annotation.kind)}</h2>
        <ActionIcon aria-label="Copy the link to this annotation" title="Copy the link" onClick={() => void copyLink()}><Icon name="copy" size={16} /></ActionIcon>
        {canEdit && <ActionIcon aria-label="Remove this annotation" title="Remove   Delete" onClick={() => marks.remove(annotation.id)}><Icon name="trash" size={16} /></ActionIcon>}
        <ActionIcon aria-label="Close the selected annotation" title="Close   Esc" onClick={() => marks.select(null)}><Icon name="close" size={16} /></ActionIcon>
      </div>
      {canEdit ? <Fields annotation={annotation} marks={marks} label={label} /> : <Description annotation={annotation} />}
      <dl className={classes.facts}>
        {measuresOf(annotation, calibration).map(({ what, words }) => <div key={what}><dt>{what}</dt><dd>{words}</dd></div>)}
        <div><dt>{annotation.kind === 'point' ? 'At' : 'First point'}</dt><dd>{place(annotation, marks)}</dd></div>
        {annotation.plane && <div><dt>Plane</dt><dd>{Object.entries(annotation.plane).map(([axis, index]) => `${axis} ${index}`).join(', ')}</dd></div>}
      </dl>
      <p className={classes.quiet}>{annotation.createdBy.name && `${annotation.createdBy.name}, `}<Moment at={annotation.createdAt} /></p>
    </div>
  );
}

function Fields({ annotation, marks, label: field }: { annotation: Annotation; marks: Marks; label: React.RefObject<HTMLInputElement | null> }) {
  const [label, setLabel] = useState(annotation.label);
  const [note, setNote] = useState(annotation.note);
  const keep = (member: 'label' | 'note', value: string) => {
    if (value !== annotation[member]) marks.change(annotation.id, { [member]: value });
  };
  // Undone, or changed by another.
  useEffect(() => setLabel(annotation.label), [annotation.label]);
  useEffect(() => setNote(annotation.note), [annotation.note]);
  return (
    <>
      <TextInput ref={field} label="Label" maxLength={255} value={label} onChange={(event) => setLabel(event.currentTarget.value)} onBlur={() => keep('label', label)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
        }} />
      <TagsInput label="Tags" value={annotation.tags} onChange={(tags) => marks.change(annotation.id, { tags })} />
      <Textarea label="Note" autosize minRows={1} maxRows={8} maxLength={10_000} value={note} onChange={(event) => setNote(event.currentTarget.value)} onBlur={() => keep('note', note)} />
    </>
  );
}

function Description({ annotation: { label, tags, note } }: { annotation: Annotation }) {
  return (
    <>
      {label && <p className={classes.label}>{label}</p>}
      {tags.length > 0 && <p className={classes.quiet}>{tags.join(', ')}</p>}
      {note && <p className={classes.note}>{note}</p>}
    </>
  );
}

/** Where it begins, calibrated where the image is. The offset of an axis is where the centre of its first pixel lies. */
function place({ points }: Annotation, { calibration }: Marks): string {
  const [x, y] = [points[0]!, points[1]!];
  if (!calibration) return `${formatNumber(x, 5)}, ${formatNumber(y, 5)} px`;
  const at = (axis: typeof calibration.x, pixel: number) => formatNumber(axis.offset + axis.scale * (pixel - 0.5), 4);
  return calibration.x.unit === calibration.y.unit
    ? `${at(calibration.x, x)}, ${at(calibration.y, y)} ${calibration.x.unit ?? ''}`
    : `${at(calibration.x, x)} ${calibration.x.unit ?? ''}, ${at(calibration.y, y)} ${calibration.y.unit ?? ''}`;
}
