import { useState } from 'react';
import { count } from '../../shared/format';
import classes from './Facets.module.css';

/** So many are shown before one asks for more. */
const SHOWN = 7;

interface Choice {
  key: string;
  label: string;
  count: number;
  isChosen: boolean;
  /** The query after a click. */
  next: string;
}

/** Values with their counts; several may be chosen. */
export function CheckList({ label, choices, more, onTake }: { label: string; choices: readonly Choice[]; more: number; onTake: (query: string) => void }) {
  const [isLong, setLong] = useState(false);
  const isShort = choices.length <= SHOWN + 1;
  const shown = isLong || isShort ? choices : choices.filter(({ isChosen }, i) => i < SHOWN || isChosen);
  return (
    <div role="group" aria-label={label}>
      <ul className={classes.choices}>
        {shown.map((choice) => (
          <li key={choice.key}>
            <label title={choice.label}>
              <input type="checkbox" checked={choice.isChosen} onChange={() => onTake(choice.next)} />
              <span className={classes.value}>{choice.label}</span>
              <span className={classes.count}>{choice.count.toLocaleString('en-US')}</span>
            </label>
          </li>
        ))}
      </ul>
      {!isShort && <button type="button" className={classes.more} aria-expanded={isLong} onClick={() => setLong(!isLong)}>{isLong ? 'Fewer' : `${choices.length - shown.length} more`}</button>}
      {more > 0 && (isLong || isShort) && <p className={classes.rest}>and {count(more, 'rarer value')}: search for them by name</p>}
    </div>
  );
}
