import type { Node } from '../api/types';
import heading from '../shared/EditableHeading.module.css';
import { InlineField } from '../shared/InlineField';
import { editNode } from './changes';
import classes from './NodeTitle.module.css';

interface Props {
  node: Node;
  isEditing: boolean;
  edit: () => void;
  onEnd: () => void;
}

/** The name of a node; a click or F2 makes it a field. */
export function NodeTitle({ node, isEditing, edit, onEnd }: Props) {
  if (isEditing) {
    return (
      <InlineField label="Name" value={node.name} maxLength={255} hint="Enter saves, Escape leaves it." onEnd={onEnd}
        save={(name) => editNode(node, { name }, `“${node.name}” is now “${name}”.`)} />
    );
  }
  return <h1 className={classes.title}>{node.capabilities.includes('edit') ? <button type="button" className={heading.button} title="Rename (F2)" onClick={edit}>{node.name}</button> : node.name}</h1>;
}
