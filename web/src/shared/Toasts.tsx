import { ActionIcon, Button } from '@mantine/core';
import { Icon } from './Icon';
import { dismiss, useToasts } from './toasts';
import classes from './Toasts.module.css';

export function Toasts() {
  const toasts = useToasts();
  return (
    <div className={classes.area} role="status" aria-live="polite">
      {toasts.map(({ id, words, tone, action }) => (
        <div key={id} className={classes.toast} data-tone={tone}>
          <span className={classes.words}>{words}</span>
          {action && (
            <Button size="compact-sm" variant="default" onClick={() => { dismiss(id); action.run(); }}>
              {action.label}
            </Button>
          )}
          <ActionIcon variant="subtle" color="gray" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" size={16} />
          </ActionIcon>
        </div>
      ))}
    </div>
  );
}
