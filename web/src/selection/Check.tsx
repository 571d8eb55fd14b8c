import classes from './Check.module.css';
import type { Selection } from './useSelection';

/** The box that chooses one of a list; with Shift all up to it. */
export function Check({ id, name, selection, tabIndex = 0 }: { id: string; name: string; selection: Selection; tabIndex?: number }) {
  return (
    <label className={classes.check} data-chosen={selection.has(id) || undefined}>
      <input type="checkbox" aria-label={`Choose ${name}`} tabIndex={tabIndex} checked={selection.has(id)} onFocus={() => selection.reach(id)}
        onChange={({ nativeEvent }) => (nativeEvent instanceof MouseEvent && nativeEvent.shiftKey ? selection.extendTo(id) : selection.toggle(id))} />
    </label>
  );
}
