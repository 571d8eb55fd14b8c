import { Alert, Button, Checkbox, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { FieldDefinition, FieldTarget, FieldTemplate, NewFieldTemplate } from '../api/types';
import dialog from '../projects/dialogs.module.css';
import { count } from '../shared/format';
import { Icon } from '../shared/Icon';
import { changeTemplate, createTemplate, definition } from './changes';
import { DefinitionLine } from './DefinitionLine';
import classes from './fields.module.css';
import { TARGETS } from './words';

/** With a key of its own, so that a line keeps its place on the page while others move. */
type Line = FieldDefinition & { key: number };

let last = 0;
const line = (field: FieldDefinition): Line => ({ ...field, key: ++last });

/** A template that is made or changed: its name, what it is for, its fields in their order. */
export function TemplateForm({ project, template, known, onEnd }: { project: string; template: NewFieldTemplate | FieldTemplate; known: FieldTemplate | null; onEnd: () => void }) {
  const [name, setName] = useState(template.name);
  const [targets, setTargets] = useState<FieldTarget[]>([...template.appliesTo]);
  const [lines, setLines] = useState<Line[]>(() => (known ? known.fields.map(definition) : (template as NewFieldTemplate).fields).map(line));
  const lost = (known?.fields ?? []).filter((field) => (field.uses ?? 0) > 0 && !lines.some(({ id }) => id === field.id));
  const values = lost.reduce((sum, field) => sum + (field.uses ?? 0), 0);
  const save = useMutation({
    mutationFn: () => {
      const to: NewFieldTemplate = { name: name.trim(), appliesTo: targets, fields: lines.map(({ key: _, ...field }) => field) };
      return known ? changeTemplate(known, to, values > 0) : createTemplate(project, to);
    },
    onSuccess: onEnd,
  });
  const move = (from: number, by: number) => setLines((old) => old.toSpliced(from, 1).toSpliced(from + by, 0, old[from]!));
  return (
    <form className={dialog.form} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <TextInput label="Name" data-autofocus value={name} maxLength={255} onChange={(event) => setName(event.currentTarget.value)} className={classes.name} />
      <Checkbox.Group label="For" value={targets} onChange={(chosen) => setTargets(chosen as FieldTarget[])}>
        <Group mt={4}>{(Object.keys(TARGETS) as FieldTarget[]).map((target) => <Checkbox key={target} value={target} label={TARGETS[target]} />)}</Group>
      </Checkbox.Group>
      <ol className={classes.lines} aria-label="Fields">
        {lines.map((field, at) => (
          <DefinitionLine key={field.key} field={field} uses={known?.fields.find(({ id }) => id === field.id)?.uses ?? 0}
            onChange={(change) => setLines((old) => old.with(at, { ...old[at]!, ...change }))}
            onUp={at > 0 ? () => move(at, -1) : undefined} onDown={at < lines.length - 1 ? () => move(at, 1) : undefined}
            onRemove={() => setLines((old) => old.toSpliced(at, 1))} />
        ))}
      </ol>
      <div><Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => setLines([...lines, line({ name: '', type: 'text', unit: null, choices: null, required: false, help: null, id: null })])}>Field</Button></div>
      {lost.length > 0 && <Alert color="red" variant="light" role="alert">{lost.map((field) => field.name).join(', ')}: {count(values, 'value')} would go. The history keeps them.</Alert>}
      {save.error && <Alert color="red" variant="light" role="alert">{save.error.message}</Alert>}
      <div className={dialog.actions}>
        <Button variant="default" onClick={onEnd}>Cancel</Button>
        <Button type="submit" loading={save.isPending} color={lost.length ? 'red' : undefined} disabled={!name.trim() || !targets.length || lines.some((field) => !field.name.trim())}>{lost.length ? 'Save and remove values' : 'Save'}</Button>
      </div>
    </form>
  );
}
