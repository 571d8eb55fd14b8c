import { ActionIcon, Checkbox, NativeSelect, TagsInput, TextInput } from '@mantine/core';
import { useUnits } from '../api/queries';
import type { Field, FieldDefinition } from '../api/types';
import { Icon } from '../shared/Icon';
import classes from './fields.module.css';
import { TYPES } from './words';

interface Props {
  field: FieldDefinition;
  /** How many objects have a value; what these mean cannot be changed any more. */
  uses: number;
  onChange: (change: Partial<FieldDefinition>) => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onRemove: () => void;
}

/** One field of a template that is being made. */
export function DefinitionLine({ field, uses, onChange, onUp, onDown, onRemove }: Props) {
  const units = useUnits().data ?? [];
  const name = field.name || 'this field';
  const quantities = [...new Set(units.map(({ quantity }) => quantity))];
  return (
    <li className={classes.line}>
      <div className={classes.main}>
        <TextInput aria-label="Name of the field" placeholder="Name" value={field.name} maxLength={255} onChange={(event) => onChange({ name: event.currentTarget.value })} />
        <NativeSelect aria-label={`Type of ${name}`} value={field.type} disabled={uses > 0} title={uses > 0 ? 'It has values, which keep their type' : undefined}
          data={Object.entries(TYPES).map(([value, label]) => ({ value, label }))} onChange={(event) => onChange({ type: event.currentTarget.value as Field['type'], unit: null, choices: null })} />
        {field.type === 'number' && (
          <NativeSelect aria-label={`Unit of ${name}`} value={field.unit ?? ''} disabled={uses > 0} onChange={(event) => onChange({ unit: event.currentTarget.value || null })}
            data={[{ value: '', label: 'no unit' }, ...quantities.map((group) => ({ group, items: units.filter(({ quantity }) => quantity === group).map(({ symbol }) => ({ value: symbol, label: symbol })) }))]} />
        )}
      </div>
      {field.type === 'choice' && <TagsInput aria-label={`Choices of ${name}`} placeholder="Choices; Enter ends one" value={[...(field.choices ?? [])]} onChange={(choices) => onChange({ choices })} className={classes.wide} />}
      <TextInput aria-label={`Help for ${name}`} placeholder="Help, shown while it is filled in" value={field.help ?? ''} maxLength={1000} onChange={(event) => onChange({ help: event.currentTarget.value || null })} className={classes.help} />
      <div className={classes.tools}>
        <Checkbox label="needed" aria-label={`${name} is needed`} checked={field.required} onChange={(event) => onChange({ required: event.currentTarget.checked })} />
        <ActionIcon aria-label={`Move ${name} up`} disabled={!onUp} onClick={onUp} className={classes.up}><Icon name="chevron" size={16} /></ActionIcon>
        <ActionIcon aria-label={`Move ${name} down`} disabled={!onDown} onClick={onDown} className={classes.down}><Icon name="chevron" size={16} /></ActionIcon>
        <ActionIcon aria-label={`Remove ${name}`} onClick={onRemove}><Icon name="trash" size={16} /></ActionIcon>
      </div>
    </li>
  );
}
