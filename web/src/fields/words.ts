import type { Field, FieldTarget, FieldValue } from '../api/types';

export const TYPES: Record<Field['type'], string> = { text: 'Text', number: 'Number', date: 'Date', choice: 'Choice', person: 'Person', link: 'Link' };

export const TARGETS: Record<FieldTarget, string> = { project: 'the project', collection: 'collections', dataset: 'datasets', fileSet: 'files' };

/** A value as it is read: with its unit, and by the names of what it refers to. */
export function shown(value: FieldValue, unit: string | null): string {
  if (value.number !== null) return unit ? `${value.text} ${unit}` : value.text;
  if (value.person) return value.person.name;
  if (value.link) return value.link.name ?? 'something that you do not see, or that is gone';
  return value.text;
}

/** What is put into the field for changing it: numbers as they were written, people and samples by name. */
export function editable(value: FieldValue): string {
  if (value.written !== null) return value.written;
  if (value.link?.kind === 'sample' && value.link.name) return value.link.name;
  return value.text;
}

/** Where a link leads to in this application; null for what has no page of its own. */
export function pageOf({ link }: FieldValue): string | null {
  if (!link?.name) return null;
  return link.kind === 'node' ? `/nodes/${link.id}` : link.kind === 'fileSet' ? `/file-sets/${link.id}` : null;
}

/** An address of a page of this hub, copied from the address bar, as the link that it means. */
export function linkWritten(words: string, origin: string): string {
  const page = words.trim().startsWith(`${origin}/`) ? /^\/(node|file-set)s\/([0-9a-f-]{36})(?:[?#].*)?$/.exec(words.trim().slice(origin.length)) : null;
  return page ? `${page[1]}:${page[2]}` : words;
}
