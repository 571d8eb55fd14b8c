import { call, Problem } from '../api/client';
import { type Described, keys, nodesChanged, queryClient } from '../api/queries';
import type { FieldTemplate, FileSetDetail, NewFieldTemplate, Node, ObjectField, ObjectFields, TableReport } from '../api/types';
import { say, sayProblem } from '../shared/toasts';

/** Sets or clears one value. Somebody may have changed another field meanwhile: that is no reason to refuse, a change of the same one is. */
export async function setField(of: Described, id: string, seen: ObjectField, value: string | null): Promise<void> {
  const path = `/${of}/${id}/fields`;
  const send = (version: number) => call<ObjectFields>(path, { method: 'PATCH', json: { values: { [seen.field.id]: value } }, version });
  let after: ObjectFields;
  try {
    after = await send(queryClient.getQueryData<ObjectFields>(keys.fields(id))?.version ?? 0);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 412) throw error;
    const now = await call<ObjectFields>(path);
    queryClient.setQueryData(keys.fields(id), now);
    if (find(now, seen.field.id)?.own?.setAt !== seen.own?.setAt) throw error;
    after = await send(now.version);
  }
  queryClient.setQueryData(keys.fields(id), after);
  refresh(id);
  const old = seen.own && (seen.own.person?.id ?? seen.own.written ?? seen.own.text);
  const undo = { label: 'Undo', run: () => void setField(of, id, find(after, seen.field.id) ?? { ...seen, own: null }, old).catch(sayProblem) };
  say(value === null ? `${seen.field.name} is cleared.` : `${seen.field.name} is saved.`, undo);
}

const find = (fields: ObjectFields, field: string) => fields.groups.flatMap((group) => group.fields).find((one) => one.field.id === field);

/** A value counts for all below, and stands in the history. */
function refresh(id: string): void {
  void queryClient.invalidateQueries({ queryKey: keys.fields() });
  void queryClient.invalidateQueries({ queryKey: keys.events(id) });
}

export type Term = 'licence' | 'rightsHolder';

/** Sets or clears a licence or rights holder; cleared, it is as above again. */
export async function setTerm(of: Described, { id, version }: Node | FileSetDetail, term: Term, label: string, old: string | null, value: string | null): Promise<void> {
  const changed = await call<Node | FileSetDetail>(`/${of}/${id}`, { method: 'PATCH', json: { [term]: value }, version });
  queryClient.setQueryData(of === 'nodes' ? keys.node(id) : keys.fileSet(id), changed);
  nodesChanged();
  void queryClient.invalidateQueries({ queryKey: ['fileSet'] });
  say(value === null ? `${label} is cleared.` : `${label} is saved.`, { label: 'Undo', run: () => void setTerm(of, changed, term, label, value, old).catch(sayProblem) });
}

function templatesChanged(project: string): void {
  void queryClient.invalidateQueries({ queryKey: keys.fieldTemplates(project) });
  refresh(project);
}

export async function createTemplate(project: string, template: NewFieldTemplate): Promise<void> {
  await call(`/nodes/${project}/field-templates`, { method: 'POST', json: template });
  templatesChanged(project);
}

export async function changeTemplate({ id, projectId, version }: FieldTemplate, to: NewFieldTemplate, discardValues: boolean): Promise<void> {
  await call(`/field-templates/${id}`, { method: 'PATCH', json: { ...to, discardValues }, version });
  templatesChanged(projectId);
}

/** Removes a template; one whose fields are filled in nowhere can be taken back. */
export async function removeTemplate(template: FieldTemplate, hasValues: boolean): Promise<void> {
  await call(`/field-templates/${template.id}?discardValues=${hasValues}`, { method: 'DELETE', version: template.version });
  templatesChanged(template.projectId);
  const { name, appliesTo, fields } = template;
  const again: NewFieldTemplate = { name, appliesTo, fields: fields.map((field) => ({ ...definition(field), id: null })) };
  say(`“${name}” is removed.`, hasValues ? undefined : { label: 'Undo', run: () => void createTemplate(template.projectId, again).catch(sayProblem) });
}

/** A field as it is sent. */
export const definition = ({ id, name, type, unit, choices, required, help }: FieldTemplate['fields'][number]) => ({ id, name, type, unit, choices, required, help });

/** Sends a table; a dry run tells what it would change. */
export async function importTable(node: string, of: 'datasets' | 'file-sets', table: Blob, dryRun: boolean): Promise<TableReport> {
  // Browsers and systems call CSV files by many types.
  const report = await call<TableReport>(`/nodes/${node}/fields.csv?of=${of}&dryRun=${dryRun}`, { method: 'POST', file: new Blob([table], { type: 'text/csv' }) });
  if (!dryRun) refresh(node);
  return report;
}
