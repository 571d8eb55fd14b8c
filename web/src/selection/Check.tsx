import classes from './Check.module.css';
import type { Choosing } from './useSelection';

/** The box that chooses one of a list; with Shift all up to it. */
export function Check({ id, name, isChosen, selection, tabIndex = 0 }: { id: string; name: string; isChosen: boolean; selection: Choosing; tabIndex?: number }) {
  return (
    <label className={classes.check} data-chosen={isChosen || undefined}>
      <input type="checkbox" aria-label={`Choose ${name}`} tabIndex={tabIndex} checked={isChosen} onFocus={() => selection.reach(id)}
        onChange={({ nativeEvent }) => (nativeEvent instanceof MouseEvent && nativeEvent.shiftKey ? selection.extendTo(id) : selection.toggle(id))} />
    </label>
  );
}
