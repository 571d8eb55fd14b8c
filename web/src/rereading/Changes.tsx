import type { FileRereading } from '../api/types';
import classes from './rereading.module.css';
import { changeWords, facts, keyWords } from './words';

/** What came out differently, line by line. */
export function Changes({ changes, changeCount }: Pick<FileRereading, 'changes' | 'changeCount'>) {
  const severalImages = new Set(changes.map(({ image }) => image)).size > 2;
  return (
    <>
      <dl className={classes.changes}>
        {changes.map((change, i) => [
          <dt key={`${i}k`}>{keyWords(change.key)}{severalImages && change.image !== null && ` (image ${change.image + 1})`}</dt>,
          <dd key={`${i}v`}>{changeWords(change)}</dd>,
        ])}
      </dl>
      {changeCount > changes.length && <p>and {facts(changeCount - changes.length)} more.</p>}
    </>
  );
}
