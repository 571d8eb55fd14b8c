import { memo, type ReactNode, useState } from 'react';
import { Link } from 'react-router-dom';
import { address } from '../api/client';
import type { FileSet } from '../api/types';
import { Check } from '../selection/Check';
import { usePicking } from '../selection/usePicking';
import type { Choosing } from '../selection/useSelection';
import { extensionOf, formatExtent, formatNumber, formatSize } from '../shared/format';
import { baseName, folderOf } from './names';
import { reading } from './reading';
import classes from './Tile.module.css';

interface Props {
  set: FileSet;
  index: number;
  /** The one that the keyboard is at. */
  isActive: boolean;
  onReach: (index: number, id: string) => void;
  isChosen: boolean;
  /** Something is chosen already. */
  isChoosing: boolean;
  /** It goes by so fast that its picture need not be fetched. */
  isRushing: boolean;
  choosing: Choosing;
  /** In a list of several datasets, which one it is of. */
  showsDataset: boolean;
  /** One more line. */
  note?: ((set: FileSet) => ReactNode) | undefined;
}

/** One file set on the wall: its picture, or what it is when there is none. Drawn anew only where something of it changes: hundreds go by in a second. */
export const Tile = memo(function Tile({ set, index, isActive, onReach, isChosen, isChoosing, isRushing, choosing, showsDataset, note }: Props) {
  const state = reading(set);
  const picking = usePicking(set.id, choosing);
  return (
    <div className={classes.whole} data-chosen={isChosen || undefined} data-choosing={isChoosing || undefined}>
      <Link to={`/file-sets/${set.id}`} className={classes.tile} data-index={index} tabIndex={isActive ? 0 : -1} onFocus={() => onReach(index, set.id)} title={[set.name, state?.why].filter(Boolean).join('\n')} {...picking}>
        <span className={classes.picture}>
          <Picture set={set} isRushing={isRushing} />
          {state && <span className={classes.badge} data-tone={state.tone}>{state.words}</span>}
          {set.imageCount > 1 && <span className={classes.images}>{formatNumber(set.imageCount)} images</span>}
          {state?.progress != null && <span className={classes.progress} style={{ width: `${100 * state.progress}%` }} />}
        </span>
        <span className={classes.name}>{baseName(set.name)}</span>
        <span className={classes.about}>{showsDataset && <>{set.datasetName} · </>}{about(set)}</span>
        {note && <span className={classes.about}>{note(set)}</span>}
      </Link>
      <span className={classes.check}><Check id={set.id} name={baseName(set.name)} isChosen={isChosen} selection={choosing} tabIndex={-1} /></span>
    </div>
  );
});

function Picture({ set, isRushing }: { set: FileSet; isRushing: boolean }) {
  const [broken, setBroken] = useState<string | null>(null);
  const [isWanted, setWanted] = useState(!isRushing);
  if (!isRushing && !isWanted) setWanted(true);
  if (!set.thumbnail || broken === set.thumbnail) return <span className={classes.kind}>{extensionOf(set.name) || 'FILE'}</span>;
  if (!isWanted) return null;
  const preview = set.image?.preview;
  const ratio = preview ? preview.width / preview.height : 1;
  return <img src={address(set.thumbnail)} alt="" loading="lazy" decoding="async" data-fill={(ratio > 0.6 && ratio < 1.7) || undefined} onError={() => setBroken(set.thumbnail)} />;
}

function about(set: FileSet): string {
  const shape = set.image?.shape.length ? formatExtent(set.image.shape) : null;
  return [shape ?? formatSize(set.size), set.formatName, folderOf(set.name)].filter(Boolean).join(' · ');
}
