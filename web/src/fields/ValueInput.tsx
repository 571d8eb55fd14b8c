import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { Problem } from '../api/client';
import { usePeople, useSamples } from '../api/queries';
import type { Field, Person } from '../api/types';
import classes from './fields.module.css';
import { linkWritten } from './words';

export type Asked = Pick<Field, 'name' | 'type' | 'unit' | 'choices' | 'help'>;

interface Props {
  field: Asked;
  project: string | null;
  initial: string;
  save: (value: string | null) => Promise<void>;
  onEnd: () => void;
}

/** A value that is being written. Enter and leaving it save, Escape leaves it as it was, nothing clears. */
export function ValueInput({ field, project, initial, save, onEnd }: Props) {
  const [words, setWords] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const ended = useRef(false);
  const listId = useId();
  const hintId = useId();
  const people = usePeople(field.type === 'person').data;
  const samples = useSamples(project ?? '', field.type === 'link' && project !== null).data;
  const end = () => {
    ended.current = true;
    onEnd();
  };
  const done = async () => {
    if (ended.current || saving) return;
    if (words === initial) return end();
    setSaving(true);
    try {
      const written = field.type === 'link' ? linkWritten(words, location.origin) : words;
      await save(written.trim() ? written : null);
      end();
    } catch (error) {
      setProblem((error instanceof Problem && error.detail) || (error instanceof Error ? error.message : String(error)));
      setSaving(false);
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      end();
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void done();
    }
  };
  const common = {
    'aria-label': field.name, 'aria-describedby': hintId, 'aria-invalid': problem !== null, value: words, autoFocus: true, size: 'sm', onKeyDown: keys,
    // A value with a mistake stays to be corrected.
    onBlur: () => problem === null && void done(),
    onChange: (event: { currentTarget: { value: string } }) => {
      setWords(event.currentTarget.value);
      setProblem(null);
    },
  } as const;
  const proposals = field.type === 'person' ? people && proposed(people) : field.type === 'link' ? samples?.map(({ name }) => ({ value: name, label: name })) : undefined;
  return (
    <div className={classes.editor}>
      {field.type === 'choice' ? <NativeSelect {...common} data={[{ value: '', label: 'nothing chosen' }, ...offered(field.choices, initial)]} />
        : field.type === 'text' ? <Textarea {...common} autosize minRows={1} maxRows={10} maxLength={10_000} />
        : field.type === 'date' ? <TextInput {...common} type="date" />
        : <TextInput {...common} list={proposals ? listId : undefined} inputMode={field.type === 'number' ? 'decimal' : undefined} rightSection={field.unit ? <span className={classes.unit}>{field.unit}</span> : undefined} rightSectionWidth={field.unit ? 56 : undefined} />}
      {proposals && <datalist id={listId}>{[...new Map(proposals.map((one) => [one.value, one])).values()].map(({ value, label }) => <option key={value} value={value}>{label}</option>)}</datalist>}
      {problem ? <p className={classes.problem} role="alert" id={hintId}>{problem}</p> : <p className={classes.hint} id={hintId}>{hint(field)}Enter saves, Escape leaves it.</p>}
    </div>
  );
}

/** Of several people with one name, each by what the hub knows them apart by. */
export function proposed(people: readonly Pick<Person, 'id' | 'name' | 'orcid' | 'email'>[]): { value: string; label: string }[] {
  const seen = new Set<string>();
  const several = new Set(people.map(({ name }) => name).filter((name) => seen.size === seen.add(name).size));
  return people.map(({ id, name, orcid, email }) => {
    if (!several.has(name)) return { value: name, label: name };
    return { value: orcid ?? id, label: [name, email ?? orcid].filter(Boolean).join(', ') };
  });
}

/** What is offered, and what stands there although it is not offered any more. */
const offered = (choices: readonly string[], current: string) => (current && !choices.includes(current) ? [current, ...choices] : [...choices]);

function hint({ help, type, unit }: Asked): string {
  const own = help ? `${help.replace(/[.]$/, '')}. ` : '';
  if (type === 'link') return `${own}A sample’s name, or an address, also of a page here. `;
  if (type === 'number' && unit) return `${own}Another unit is converted. `;
  return own;
}
