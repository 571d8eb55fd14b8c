import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useFieldTemplates, useStandardTemplates } from '../api/queries';
import type { FieldTemplate, NewFieldTemplate } from '../api/types';
import dialog from '../projects/dialogs.module.css';
import { count } from '../shared/format';
import { ProblemView } from '../shared/ProblemView';
import { sayProblem } from '../shared/toasts';
import { Waiting } from '../shared/Waiting';
import { removeTemplate } from './changes';
import classes from './fields.module.css';
import { TemplateForm } from './TemplateForm';
import { TARGETS } from './words';

const EMPTY: NewFieldTemplate = { name: '', appliesTo: ['dataset'], fields: [{ name: '', type: 'text', unit: null, choices: null, required: false, help: null, id: null }] };

/** The templates of a project: what it asks people about its datasets and files. */
export default function TemplatesDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const templates = useFieldTemplates(project);
  const [editing, setEditing] = useState<FieldTemplate | NewFieldTemplate | null>(null);
  const known = editing && 'id' in editing ? editing : null;
  return (
    <Modal opened onClose={onClose} title={editing ? (known ? `Change ${known.name}` : 'New template') : 'Fields of this project'} size={editing ? '64rem' : 'lg'}
      // Escape and a click beside it would lose what is being written.
      closeOnClickOutside={!editing} closeOnEscape={!editing}>
      {templates.isError ? <ProblemView error={templates.error} what="list of templates" retry={() => void templates.refetch()} />
        : !templates.data ? <Waiting for="the templates" />
        : editing ? <TemplateForm project={project} template={editing} known={known} onEnd={() => setEditing(null)} />
        : <Templates templates={templates.data} onEdit={setEditing} />}
    </Modal>
  );
}

function Templates({ templates, onEdit }: { templates: FieldTemplate[]; onEdit: (template: FieldTemplate | NewFieldTemplate) => void }) {
  const standard = useStandardTemplates().data ?? [];
  const offered = standard.filter(({ name }) => !templates.some((template) => template.name.toLowerCase() === name.toLowerCase()));
  return (
    <div className={dialog.form}>
      <p className={dialog.about}>A template is a set of fields that belong together. Whoever may edit a dataset or file fills them in on its page.</p>
      {templates.length > 0 && <ul className={classes.templates}>{templates.map((template) => <Template key={template.id} template={template} onEdit={() => onEdit(template)} />)}</ul>}
      {offered.length > 0 && (
        <div className={classes.offered}>
          <span>Start from</span>
          {offered.map((template) => <Button key={template.name} size="compact-sm" variant="default" onClick={() => onEdit(template)}>{template.name}</Button>)}
        </div>
      )}
      <div className={dialog.actions}><Button onClick={() => onEdit(EMPTY)}>New template</Button></div>
    </div>
  );
}

function Template({ template, onEdit }: { template: FieldTemplate; onEdit: () => void }) {
  const [asking, setAsking] = useState(false);
  const values = template.fields.reduce((sum, field) => sum + (field.uses ?? 0), 0);
  const remove = () => void removeTemplate(template, values > 0).catch(sayProblem);
  return (
    <li>
      <div>
        <strong>{template.name}</strong>
        <small>{count(template.fields.length, 'field')} for {template.appliesTo.map((target) => TARGETS[target]).join(', ')}{values > 0 && `, ${count(values, 'value')}`}</small>
      </div>
      {asking ? (
        <div className={classes.ask} role="alert">
          <span>{count(values, 'value')} would go. The history keeps them.</span>
          <Button size="compact-sm" color="red" onClick={remove}>Remove</Button>
          <Button size="compact-sm" variant="default" onClick={() => setAsking(false)}>Keep</Button>
        </div>
      ) : (
        <div className={classes.ask}>
          <Button size="compact-sm" variant="default" aria-label={`Change ${template.name}`} onClick={onEdit}>Change</Button>
          <Button size="compact-sm" variant="default" aria-label={`Remove ${template.name}`} onClick={() => (values > 0 ? setAsking(true) : remove())}>Remove</Button>
        </div>
      )}
    </li>
  );
}
