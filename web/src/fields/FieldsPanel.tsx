import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router-dom';
import { type Described, useFields } from '../api/queries';
import type { FieldValue, FileSetDetail, Node, ObjectField } from '../api/types';
import { count, formatExactly } from '../shared/format';
import { setField, setTerm, type Term } from './changes';
import { FieldRow } from './FieldRow';
import classes from './fields.module.css';
import { editable, pageOf, shown } from './words';

const TemplatesDialog = lazy(() => import('./TemplatesDialog'));
const TableDialog = lazy(() => import('./TableDialog'));
const ValueHistory = lazy(() => import('./ValueHistory'));

const TERMS: { term: Term; name: string; help: string }[] = [
  { term: 'licence', name: 'Licence', help: 'A short name such as CC-BY-4.0, or your own words' },
  { term: 'rightsHolder', name: 'Rights holder', help: 'Who owns the rights in the data' },
];

/** What people say about a node or a file set: the fields that its project asks for, and its licence. Empty fields keep out of the way until one wants them. */
export function FieldsPanel({ of, object }: { of: Described; object: Node | FileSetDetail }) {
  const fields = useFields(of, object.id).data;
  const [showsAll, setShowsAll] = useState(false);
  const [open, setOpen] = useState<'templates' | 'table' | 'history' | null>(null);
  if (!fields?.projectId) return null;
  const mayEdit = object.capabilities.includes('edit');
  const mayManage = object.capabilities.includes('manage');
  const all = fields.groups.flatMap((group) => group.fields);
  const isEmpty = (one: ObjectField) => !one.own && !one.inherited;
  const isShown = (one: ObjectField) => showsAll || !isEmpty(one) || (one.field.required && one.canBeSet);
  const terms = TERMS.filter(({ term }) => showsAll || object.effective?.[term]);
  const hidden = all.filter((one) => !isShown(one)).length + (mayManage ? TERMS.length - terms.length : 0);
  const groups = fields.groups.map((group) => ({ ...group, fields: group.fields.filter(isShown) })).filter((group) => group.fields.length > 0);
  // Templates are the project's: they are changed by whoever sees it and manages this part of it.
  const mayDefine = mayManage && of === 'nodes' && (object.id === fields.projectId || (object.path ?? []).some(({ id }) => id === fields.projectId));
  if (!groups.length && !terms.length && !mayEdit && !mayDefine) return null;
  return (
    <section className={classes.panel} aria-label="Details by people">
      <header className={classes.head}>
        <h2>Details by people</h2>
        {/* In the same line: the pictures below are what one came for. */}
        {!groups.length && !terms.length && <p className={classes.quiet}>{all.length ? 'Nothing is filled in here yet.' : 'The project asks for no details yet.'}</p>}
        <div className={classes.actions}>
          {mayEdit && (hidden > 0 || showsAll) && <Button size="compact-sm" variant="subtle" color="gray" className={classes.action} aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>{showsAll ? 'Only what is filled in' : `${count(hidden, 'empty field')}`}</Button>}
          {fields.version > 0 && <Button size="compact-sm" variant="subtle" color="gray" className={classes.action} onClick={() => setOpen('history')}>Earlier values</Button>}
          {of === 'nodes' && all.length > 0 && <Button size="compact-sm" variant="subtle" color="gray" className={classes.action} onClick={() => setOpen('table')}>Table…</Button>}
          {mayDefine && <Button size="compact-sm" variant="subtle" color="gray" className={classes.action} onClick={() => setOpen('templates')}>Define fields…</Button>}
        </div>
      </header>
      {groups.map((group) => (
        <div key={group.templateId} className={classes.group}>
          <h3>{group.name}</h3>
          <dl className={classes.rows}>
            {group.fields.map((one) => (
              <FieldRow key={one.field.id} field={one.field} project={fields.projectId} own={one.own && shown(one.own, one.field.unit)} written={one.own ? editable(one.own) : ''}
                inherited={one.inherited && { value: shown(one.inherited.value, one.field.unit), from: one.inherited.from?.name ?? null }}
                isMissing={one.field.required && one.canBeSet && isEmpty(one)} mayEdit={mayEdit && (one.canBeSet || one.own !== null)} {...about(one.own ?? one.inherited?.value)}
                beside={<Open value={one.own ?? one.inherited?.value} name={one.field.name} />}
                save={(value) => setField(of, object.id, one, value)} />
            ))}
          </dl>
        </div>
      ))}
      {terms.length > 0 && (
        <div className={classes.group}>
          <h3>Rights</h3>
          <dl className={classes.rows}>
            {terms.map(({ term, name, help }) => {
              const effective = object.effective?.[term] ?? null;
              return (
                <FieldRow key={term} field={{ name, help, type: 'text', unit: null, choices: [] }} project={null} own={object[term]} written={object[term] ?? ''}
                  inherited={effective && object[term] === null ? { value: effective.value, from: effective.inheritedFrom?.name ?? null } : null}
                  isMissing={false} mayEdit={mayManage} save={(value) => setTerm(of, object, term, name, object[term], value)} />
              );
            })}
          </dl>
        </div>
      )}
      <Suspense>
        {open === 'templates' && <TemplatesDialog project={fields.projectId} onClose={() => setOpen(null)} />}
        {open === 'table' && <TableDialog node={object as Node} onClose={() => setOpen(null)} />}
        {open === 'history' && <ValueHistory of={of} id={object.id} name={object.name} onClose={() => setOpen(null)} />}
      </Suspense>
    </section>
  );
}

/** What a link leads to. A click on the value changes it, so this stands beside it. */
function Open({ value, name }: { value: FieldValue | undefined; name: string }) {
  const page = value && pageOf(value);
  if (page) return <Link to={page} aria-label={`Open ${name}`} className={classes.open}>open</Link>;
  return value?.link?.url ? <a href={value.link.url} target="_blank" rel="noreferrer" aria-label={`Open ${name}`} className={classes.open}>open</a> : null;
}

const about = (value: FieldValue | undefined): { about?: string } =>
  value ? { about: [value.written && `written as ${value.written}`, `${value.setBy.name}, ${formatExactly(value.setAt)}`].filter(Boolean).join('\n') } : {};
