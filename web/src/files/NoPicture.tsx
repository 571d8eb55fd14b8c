import type { FileSetDetail } from '../api/types';
import { extensionOf } from '../shared/format';
import classes from './NoPicture.module.css';
import { ReadAgain } from './ReadAgain';
import { reading } from './reading';

/** A file set without a picture, shown as itself: what it is and why there is none. */
export function NoPicture({ set }: { set: FileSetDetail }) {
  const state = reading(set);
  return (
    <div className={classes.box} data-tone={state?.tone}>
      <span className={classes.kind}>{extensionOf(set.name) || 'FILE'}</span>
      <p className={classes.state} role="status">{state?.words ?? 'no picture'}</p>
      <p className={classes.why}>{state ? state.why : set.images.length ? 'This image was read, but no picture was made of it. Its data and metadata are all there.' : 'It was read, but holds no image.'}</p>
      {state?.tone === 'problem' && <ReadAgain set={set} />}
    </div>
  );
}
