import type { ReactNode } from 'react';
import type { FileSet, SearchField, SearchHit } from '../api/types';
import type { Column } from '../files/FileSetTable';
import { formatAcquired, formatRecordedTime } from '../files/quantity';
import { formatSize } from '../shared/format';
import { Moment } from '../shared/Moment';
import { mainMatch, Matched } from './Matched';
import type { FieldNames } from './queryText';

/** A field by its name or a synonym; before the hub has told of the fields, by the name alone. */
export const namesOf = (fields: readonly SearchField[], name: string): FieldNames => fields.find((field) => field.name === name) ?? { name, synonyms: [] };

export const labelOf = (fields: readonly SearchField[], name: string): string => fields.find((field) => field.name === name || field.synonyms.includes(name))?.label ?? name;

/** Results can be brought into the order of it. */
export const isOrdered = ({ name, column }: SearchField) => column !== null && name !== 'tag';

/** The column that says why something was found; no field. */
export const FOUND = 'found';

/** What can stand in a column of the table, beside the name. */
export const columnChoices = (fields: readonly SearchField[]): { name: string; label: string }[] => [
  { name: FOUND, label: 'Found in' },
  ...fields.filter(({ name, column }) => name !== 'name' && (column !== null || name === 'in' || name === 'comment')),
];

/** The columns of the table for some names; what is no field is left out. */
export function columnsOf(names: readonly string[], fields: readonly SearchField[], hitOf: (id: string) => SearchHit | undefined): Column[] {
  const choices = columnChoices(fields);
  return names.flatMap((name) => {
    const choice = choices.find((one) => one.name === name);
    if (!choice) return [];
    const field = fields.find((one) => one.name === name);
    return [{ name, label: choice.label, isNumber: field?.kind === 'number', cell: (set: FileSet) => cell(name, set, hitOf(set.id)) }];
  });
}

function cell(name: string, set: FileSet, hit: SearchHit | undefined): ReactNode {
  if (!hit) return null;
  switch (name) {
    case FOUND: {
      const match = mainMatch(hit.matches);
      return match && <Matched match={match} label={match.label} />;
    }
    case 'tag':
      return set.tags.join(', ');
    case 'in':
      return hit.path.map(({ name: place }) => place).join(' › ');
    case 'date':
      return hit.acquiredAt && formatRecordedTime(hit.acquiredAt);
    case 'added':
      return <Moment at={set.createdAt} />;
    case 'size':
      return formatSize(set.size);
    case 'format':
      return set.formatName;
    case 'kind':
      return hit.kind;
    default: {
      const value = hit.acquisition?.[name];
      return value && formatAcquired(name, value);
    }
  }
}

/** What the export calls a column; what it does not write is left out. */
export function exportFields(names: readonly string[]): string[] {
  const written = names.filter((name) => name !== FOUND && name !== 'comment').map((name) => (name === 'in' ? 'dataset_name' : name === 'tag' ? 'tags' : name));
  return ['id', 'name', ...written];
}
